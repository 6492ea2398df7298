# A doubtful date takes an attempt, and after three there is silence
rules: attempts, birth-date-doubt
programs: ../programs/canada.toml

at 2026-11-21 12:00 America/Toronto
> CIDER
< Maple Cider: Reply with your birth date (YYYY-MM-DD) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 04/12/2007
< Maple Cider: Sorry, we did not get that. Reply with your birth date (YYYY-MM-DD), STOP to cancel.
> 4/12/2007
< Maple Cider: Sorry, we did not get that. Reply with your birth date (YYYY-MM-DD), STOP to cancel.
> 4-12-2007
< Maple Cider: Sorry, we did not get that. Reply with your birth date (YYYY-MM-DD), STOP to cancel.
> 04.12.2007
= In Progress
> 12 April 2007
< Maple Cider: You are subscribed to tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
