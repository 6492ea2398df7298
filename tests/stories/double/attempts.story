# After three texts that are no answer there is silence, and a valid answer still counts
rules: attempts
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> What is this?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> Maybe
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> How much is it?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> Hello?
= In Progress
> JOIN
= In Progress
> yes
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
