# Age: STOP is confirmed once, and at most once a day after that
rules: stop-message
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
> STOP
= WINE: Unsubscribed
wait 1d
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
= WINE: Unsubscribed
