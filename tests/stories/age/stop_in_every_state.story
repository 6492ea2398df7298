# Age: STOP ends it in every state
rules: stop-word
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
= WINE: Unsubscribed
> +15555550101 WINE
< +15555550101 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 No
> +15555550101 STOP
< +15555550101 Vine Lane: You are unsubscribed and will get no more messages.
= +15555550101 WINE: Unsubscribed
> +15555550102 WINE
< +15555550102 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 05/17/1990
< +15555550102 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 STOP
< +15555550102 Vine Lane: You are unsubscribed and will get no more messages.
= +15555550102 WINE: Unsubscribed
