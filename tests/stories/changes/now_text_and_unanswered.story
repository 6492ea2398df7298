# A question ends with its programme: as a Text Response it hears no answer
rules: changed-definition
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 BOATS
< +15555550101 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 BOATS
< +15555550102 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 BOATS
< +15555550103 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_as_text.toml
> Yes
= BOATS: None
> +15555550101 No
= +15555550101 BOATS: None
> +15555550102 What is this?
= +15555550102 BOATS: None
> +15555550103 BOATS
< +15555550103 Lakeside: Boat offers are at the harbor office this year.
= +15555550103 BOATS: None
