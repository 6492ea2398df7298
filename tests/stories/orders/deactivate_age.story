# Age: with the number go the verdict on an age and the cool-down
rules: deactivate, order-age
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
! DEACTIVATE
= None
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! DEACTIVATE
= None
! SUBSCRIBE WINE
= refused: age not confirmed
= None
