# Where a programme is gone its keyword starts nothing, and STOP still counts
rules: changed-definition
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Lakeside: You are subscribed to boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_ended.toml
> BOATS
= Subscribed
> HELP
< Lakeside: Boat offers, 2 msgs/month. Call 1-800-555-0188 or write to help@lakeside.example. Msg & data rates may apply. Reply STOP to cancel.
> STOP
< Lakeside: You are unsubscribed and will get no more messages.
= Unsubscribed
