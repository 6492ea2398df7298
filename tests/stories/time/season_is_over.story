# After its last day a programme can still be left
rules: keyword-dates, stop-ends-all
programs: ../programs/summer.toml

at 2026-06-01 12:00 America/Chicago
> SUMMER
< Sunny Days: Welcome! Summer deals, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
at 2026-10-01 12:00 America/Chicago
> SUMMER
= Subscribed
> HELP
< Sunny Days: Summer deals, 1 msg/week. Call 1-800-555-0166 or write to help@sunny.example. Msg & data rates may apply. Reply STOP to cancel.
> STOP
< Sunny Days: You are unsubscribed and will get no more messages.
= Unsubscribed
