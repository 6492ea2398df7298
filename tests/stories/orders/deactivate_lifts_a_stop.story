# With the number goes the STOP: it was somebody else's
rules: deactivate
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor: You are unsubscribed and will get no more messages.
! DEACTIVATE
= None
> @web JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
