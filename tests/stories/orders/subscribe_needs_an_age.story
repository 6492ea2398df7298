# Age: an agent cannot vouch for anybody's age
rules: order-age
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
! SUBSCRIBE WINE
= refused: age not confirmed
= None
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! SUBSCRIBE WINE
= refused: double opt-in required
= In Progress
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
! SUBSCRIBE WINE
= refused: age not confirmed
= Declined
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
! RESUBSCRIBE WINE
= refused: age not confirmed
= Unsubscribed
