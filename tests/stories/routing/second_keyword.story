# The keyword of another programme starts that one and leaves the first pending
rules: second-keyword, asked-last
programs: ../programs/club.toml

> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> BAGS
< Juno: Reply YES to get bag offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: In Progress
= BAGS: In Progress
> Yes
< Juno: You are subscribed to bag offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: In Progress
= BAGS: Subscribed
> Yes
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= SHOES: Subscribed
