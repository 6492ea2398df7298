# What is no answer gets the error message, and the question stays open
rules: other, pending-kept
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Who is this?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
> ok
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
> Y
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
