# An age gate that asked first does not remind before a question that asked last
rules: reminder, asked-last
programs: ../programs/reminded.toml

> TASTING
< Old Mill: Reply with your birth date (MM/DD/YYYY) to get tasting news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 1h
> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 23h
= TASTING: In Progress
wait 1h
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Old Mill: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= OFFERS: Subscribed
= TASTING: In Progress
