# A birth date counts in any writing of digits, the month first in the United States
rules: birth-date-writing
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
# The 12th of April: 21 already. As the 4th of December: not yet.
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 04/12/2005
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 WINE
< +15555550101 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 4-12-2005
< +15555550101 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 WINE
< +15555550102 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 04122005
< +15555550102 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 WINE
< +15555550103 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 2005.04.12
< +15555550103 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
