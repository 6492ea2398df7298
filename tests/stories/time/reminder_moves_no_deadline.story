# A reminder moves no deadline
rules: reminder, expiry
programs: ../programs/reminded.toml

> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 24h
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 47h
= In Progress
wait 1h
= None
