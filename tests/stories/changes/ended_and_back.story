# A programme that comes back finds who left it still gone
rules: changed-definition, own-handset
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Lakeside: You are subscribed to boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_ended.toml
> STOP
< Lakeside: You are unsubscribed and will get no more messages.
programs: ../programs/boats.toml
> @web BOATS
= refused: opted out
> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
