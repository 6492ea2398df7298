# Double: STOP is confirmed once, and at most once a day after that
rules: stop-message
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor: You are unsubscribed and will get no more messages.
> STOP
= JOIN: Unsubscribed
wait 23h
> STOP
= JOIN: Unsubscribed
wait 1h
> STOP
< Harbor: You are unsubscribed and will get no more messages.
= JOIN: Unsubscribed
