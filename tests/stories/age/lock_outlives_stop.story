# Age: the cool-down outlives a STOP, and neither the keyword nor START opens the gate before
rules: age-lock
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
= Declined
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
= Unsubscribed
> WINE
< Vine Lane: Sorry, we cannot sign you up.
= Unsubscribed
> START
< Vine Lane: Sorry, we cannot sign you up.
= Unsubscribed
