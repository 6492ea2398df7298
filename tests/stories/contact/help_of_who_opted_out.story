# Who opted out without ever joining still gets HELP, and tapbacks get nothing
rules: help, reaction
programs: ../programs/double.toml

> STOP
< Harbor: You are unsubscribed and will get no more messages.
> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= Unsubscribed
# A tapback of our own words, STOP among them.
> Liked “Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.”
= Unsubscribed
