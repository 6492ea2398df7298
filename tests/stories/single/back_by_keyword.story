# Single: after STOP the keyword from the own handset brings back
rules: own-handset
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
