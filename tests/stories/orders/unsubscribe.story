# An agent ends one programme, without a word, and the others go on
rules: order-unsubscribe
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! UNSUBSCRIBE NEWS
= NEWS: Unsubscribed
= SHOES: In Progress
> YES
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: Subscribed
