# Outside its days a keyword starts nothing; the first and the last are inside
rules: keyword-dates
programs: ../programs/summer.toml

at 2026-05-31 23:59 America/Chicago
> SUMMER
= None
at 2026-06-01 00:00 America/Chicago
> SUMMER
< Sunny Days: Welcome! Summer deals, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
at 2026-08-31 23:59 America/Chicago
> +15555550101 SUMMER
< +15555550101 Sunny Days: Welcome! Summer deals, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
at 2026-09-01 00:00 America/Chicago
> +15555550102 SUMMER
= +15555550102 None
