# Single: a reassigned number begins at nothing, and is subscribed by its own text only
rules: deactivate
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! DEACTIVATE
= None
> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
! DEACTIVATE
= None
! DEACTIVATE
= None
