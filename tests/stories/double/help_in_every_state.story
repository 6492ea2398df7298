# Double: HELP is answered in every state, and the question stays open
rules: help, pending-kept
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= In Progress
> No
> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= None
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= Subscribed
> STOP
< Harbor: You are unsubscribed and will get no more messages.
> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= JOIN: Unsubscribed
