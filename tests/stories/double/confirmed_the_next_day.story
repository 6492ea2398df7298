# Double: the keyword asks, and only the answer subscribes
rules: double-join, double-yes
programs: ../programs/double.toml

at 2026-03-01 12:00 America/New_York
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
wait 23h
> Yes please!
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
