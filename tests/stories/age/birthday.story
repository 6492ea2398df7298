# The age is that at the time of the text, in the programme's time zone
rules: birthday
programs: ../programs/wine.toml

# In London the birthday has come; in New York, where it counts, it comes in half an hour.
at 2026-11-20 23:30 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 11/21/2005
< Vine Lane: Sorry, we cannot sign you up.
= Declined
at 2026-11-21 00:00 America/New_York
> +15555550101 WINE
< +15555550101 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 11/21/2005
< +15555550101 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
