# Who said no and joins again has all attempts again
rules: attempts, no
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> What?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> What??
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> What???
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> No
= None
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> What is this?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
