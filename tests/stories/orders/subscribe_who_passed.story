# Age: an agent may subscribe who passed the gate before
rules: order-age
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! SUBSCRIBE WINE
= Subscribed
! UNSUBSCRIBE WINE
= Unsubscribed
! SUBSCRIBE WINE
= refused: opted out
= Unsubscribed
! RESUBSCRIBE WINE
= Subscribed
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> No
= None
! SUBSCRIBE WINE
= Subscribed
