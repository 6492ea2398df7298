# Age: an agent can end it in every state, and the cool-down outlives that too
rules: order-unsubscribe, age-lock
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
! UNSUBSCRIBE WINE
= Unsubscribed
! UNSUBSCRIBE WINE
= Unsubscribed
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! UNSUBSCRIBE WINE
= Unsubscribed
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
! UNSUBSCRIBE WINE
= Unsubscribed
> WINE
< Vine Lane: Sorry, we cannot sign you up.
= Unsubscribed
