# One text gets one answer at most, however many programmes hear it
rules: one-mt
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> HELP
< Juno: News, shoes and bags by text. Call 1-800-555-0144 or write to help@juno.example. Msg & data rates may apply. Reply STOP to cancel all.
= NEWS: Subscribed
= SHOES: In Progress
> STOP
< Juno: You are unsubscribed from all of our messages and will get no more.
= Unsubscribed
