# A date that can be read in two ways with two verdicts is asked again
# In Canada both orders are customary: this is the 12th of April (19 years) or the 4th of December (18).
rules: birth-date-doubt
programs: ../programs/canada.toml

at 2026-11-21 12:00 America/Toronto
> CIDER
< Maple Cider: Reply with your birth date (YYYY-MM-DD) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 04/12/2007
< Maple Cider: Sorry, we did not get that. Reply with your birth date (YYYY-MM-DD), STOP to cancel.
= In Progress
> 2007-04-12
< Maple Cider: You are subscribed to tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
# Where both readings say the same there is no doubt.
> +15555550101 CIDER
< +15555550101 Maple Cider: Reply with your birth date (YYYY-MM-DD) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 04/12/1990
< +15555550101 Maple Cider: You are subscribed to tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
