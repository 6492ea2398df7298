# Where the country's order gives no date, the other order is meant
rules: birth-date-order
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 21/11/2005
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 WINE
< +15555550101 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 22/11/2005
< +15555550101 Vine Lane: Sorry, we cannot sign you up.
= +15555550101 Declined
