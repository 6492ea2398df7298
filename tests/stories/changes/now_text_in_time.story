# A programme that became a Text Response neither reminds nor expires aloud
rules: changed-definition, reminder
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 24h
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 BOATS
< +15555550101 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_as_text.toml
wait 24h
= +15555550101 None
= In Progress
wait 24h
= None
