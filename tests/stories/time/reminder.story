# One reminder, and no more
rules: reminder
programs: ../programs/reminded.toml

> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 23h
wait 1h
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
wait 1d
= In Progress
> Yes
< Old Mill: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
