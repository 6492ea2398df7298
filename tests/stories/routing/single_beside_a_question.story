# A Single programme that is joined in between leaves a question open
rules: second-keyword, pending-kept
programs: ../programs/club.toml

> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= NEWS: Subscribed
= SHOES: In Progress
> Yes
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: Subscribed
