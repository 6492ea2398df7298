# Single: HELP, tapbacks, STOP and a reassigned number count also for who said no before
rules: changed-definition, help
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> No
> +15555550101 BOATS
< +15555550101 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 No
programs: ../programs/boats_as_single.toml
> HELP
< Lakeside: Boat offers, 2 msgs/month. Call 1-800-555-0188 or write to help@lakeside.example. Msg & data rates may apply. Reply STOP to cancel.
= None
> Liked “Lakeside: Boat offers, 2 msgs/month. Call 1-800-555-0188 or write to help@lakeside.example. Msg & data rates may apply. Reply STOP to cancel.”
= None
> STOP
< Lakeside: You are unsubscribed and will get no more messages.
= BOATS: Unsubscribed
! +15555550101 DEACTIVATE
= +15555550101 None
