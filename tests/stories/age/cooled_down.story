# Age: once the cool-down is over the keyword asks again
rules: age-cooled-down
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 11/22/2005
< Vine Lane: Sorry, we cannot sign you up.
= Declined
wait 23h
> WINE
< Vine Lane: Sorry, we cannot sign you up.
= Declined
wait 1h
# It is the birthday.
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
> 11/22/2005
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
