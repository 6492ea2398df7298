# STOP is confirmed and remembered also where nothing was ever joined
rules: never-subscribed, own-handset
programs: ../programs/double.toml

> STOP
< Harbor: You are unsubscribed and will get no more messages.
= Unsubscribed
= JOIN: Unsubscribed
> @web JOIN
= refused: opted out
= Unsubscribed
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
