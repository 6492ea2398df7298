# Who was asked for a YES before there was an age gate still has to pass it
rules: changed-definition, age-asks
programs: ../programs/boats.toml

at 2026-11-21 12:00 America/New_York
> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 BOATS
< +15555550101 Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 Yes
< +15555550101 Lakeside: You are subscribed to boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_with_age.toml
> Yes
< Lakeside: Thanks! Now reply with your birth date (MM/DD/YYYY).
= In Progress
> 05/17/1990
< Lakeside: You are subscribed to boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
# Who was subscribed stays so.
> +15555550101 BOATS
< +15555550101 Lakeside: You already get boat offers. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
