# Who opted out comes back to the programme that is asked for, and to no other
rules: own-handset, stop-ends-all
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Juno: You are unsubscribed from all of our messages and will get no more.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: Subscribed
= NEWS: Unsubscribed
