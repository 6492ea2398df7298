# START goes to the programme that was left last
rules: start
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! UNSUBSCRIBE SHOES
! UNSUBSCRIBE NEWS
> START
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= NEWS: Subscribed
= SHOES: Unsubscribed
