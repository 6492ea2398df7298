# A resubscribe brings back who left a Single or a Double programme
rules: own-handset
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Juno: You are subscribed to shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Juno: You are unsubscribed from all of our messages and will get no more.
! SUBSCRIBE SHOES
= refused: opted out
! RESUBSCRIBE SHOES
= SHOES: Subscribed
= NEWS: Unsubscribed
