# Where two programmes wait only the one that asked last reminds
rules: reminder, asked-last
programs: ../programs/reminded.toml

> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> TASTING
< Old Mill: Reply with your birth date (MM/DD/YYYY) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 1d
< Old Mill: Reply with your birth date (MM/DD/YYYY) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
# A bare answer belongs to the question that was seen last.
> 05/17/1990
< Old Mill: You are subscribed to tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= TASTING: Subscribed
= OFFERS: In Progress
