# A programme that became a Text Response keeps who is subscribed, and subscribes nobody any more
rules: changed-definition, text-response
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Lakeside: You are subscribed to boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_as_text.toml
> BOATS
< Lakeside: Boat offers are at the harbor office this year.
= Subscribed
> HELP
< Lakeside: Boat offers, 2 msgs/month. Call 1-800-555-0188 or write to help@lakeside.example. Msg & data rates may apply. Reply STOP to cancel.
= Subscribed
> @web BOATS
= refused: double opt-in required
= Subscribed
! SUBSCRIBE BOATS
= refused: subscribes nobody
= Subscribed
> STOP
< Lakeside: You are unsubscribed and will get no more messages.
= BOATS: Unsubscribed
