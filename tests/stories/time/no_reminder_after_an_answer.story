# Who answered is not reminded
rules: reminder
programs: ../programs/reminded.toml

> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Old Mill: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 OFFERS
< +15555550101 Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 No
wait 3d
= Subscribed
