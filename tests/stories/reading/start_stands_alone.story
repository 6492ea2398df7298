# START counts as the whole text only
rules: start
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
> Start sending me the lunch menu
= Unsubscribed
> Start!
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
