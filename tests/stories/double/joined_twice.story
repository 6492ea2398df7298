# Double: who is subscribed stays so, whatever keyword or NO comes
rules: duplicate
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> JOIN
< Harbor: You already get our offers. Reply HELP for help, STOP to cancel.
= Subscribed
> No
= Subscribed
wait 30d
> @web JOIN
< Harbor: You already get our offers. Reply HELP for help, STOP to cancel.
= Subscribed
