# Age: a text that was under way for long is judged by its own time, so the cool-down outlives NO
rules: age-lock, no
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
wait 25h
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> No
= None
# Sent two hours ago, when the gate was still shut.
> -2h WINE
< Vine Lane: Sorry, we cannot sign you up.
= None
