# Single: after STOP a START does what the keyword did
rules: start, own-handset
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
> UNSTOP
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
# Who did not leave is not joined again.
> Start
= Subscribed
