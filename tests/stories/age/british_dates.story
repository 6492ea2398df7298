# In Britain the day comes first
rules: birth-date-writing
programs: ../programs/britain.toml

at 2026-11-21 12:00 Europe/London
# The 4th of December 2008: not yet 18. As the 12th of April he would be.
> MALT
< Thistle: Reply with your birth date (DD/MM/YYYY) to get whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 04/12/2008
< Thistle: Sorry, we cannot sign you up.
= Declined
> +15555550101 MALT
< +15555550101 Thistle: Reply with your birth date (DD/MM/YYYY) to get whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 12 04 2008
< +15555550101 Thistle: You are subscribed to whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
