# Single: HELP is answered in every state and changes none
rules: help
programs: ../programs/single.toml

> HELP
< Corner Cafe: Menus and news, 2 msgs/week. Call 1-800-555-0111 or write to help@cafe.example. Msg & data rates may apply. Reply STOP to cancel.
= None
> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Help
< Corner Cafe: Menus and news, 2 msgs/week. Call 1-800-555-0111 or write to help@cafe.example. Msg & data rates may apply. Reply STOP to cancel.
= Subscribed
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
> help?
< Corner Cafe: Menus and news, 2 msgs/week. Call 1-800-555-0111 or write to help@cafe.example. Msg & data rates may apply. Reply STOP to cancel.
= NEWS: Unsubscribed
