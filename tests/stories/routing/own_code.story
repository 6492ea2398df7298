# Each code remembers a number by itself
rules: own-code
programs: ../programs/two_codes.toml

> CLASS
< Rivertown Gym: Welcome! Gym news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
to 565656
> CLASS
< Rivertown Pool: Welcome! Pool news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Rivertown Pool: You are unsubscribed and will get no more messages.
= Unsubscribed
to 555555
> CLASS
< Rivertown Gym: You already get gym news. Reply HELP for help, STOP to cancel.
= Subscribed
