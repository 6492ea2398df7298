# Who was born on 29 February has a birthday on 1 March in common years
rules: leap-day
programs: ../programs/britain.toml

at 2026-02-28 18:00 Europe/London
> MALT
< Thistle: Reply with your birth date (DD/MM/YYYY) to get whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 29/02/2008
< Thistle: Sorry, we cannot sign you up.
= Declined
at 2026-03-01 09:00 Europe/London
> +15555550101 MALT
< +15555550101 Thistle: Reply with your birth date (DD/MM/YYYY) to get whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 29/02/2008
< +15555550101 Thistle: You are subscribed to whisky news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
