# Single: the keyword once more changes nothing, and is told so
rules: duplicate
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> News please
< Corner Cafe: You already get our news. Reply HELP for help, STOP to cancel.
= Subscribed
