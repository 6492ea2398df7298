# Single: a tapback changes nothing, wherever the contact stands
rules: reaction
programs: ../programs/single.toml

> Loved “Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.”
= None
> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Loved “Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.”
= Subscribed
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
> Laughed at “Corner Cafe: You are unsubscribed and will get no more messages.”
= NEWS: Unsubscribed
