# A programme that became Single asks nothing: a late answer subscribes nobody, the keyword does
rules: changed-definition
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 BOATS
< +15555550101 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 BOATS
< +15555550102 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_as_single.toml
> Yes
= None
> BOATS
< Lakeside: Welcome! Boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 No
= +15555550101 None
> +15555550102 What is this?
= +15555550102 None
