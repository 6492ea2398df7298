# Single: after STOP no web form brings back, not even where it may subscribe
rules: own-handset
programs: ../programs/single_by_web.toml

> @web LOANS
< City Library: You get reminders for your loans, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< City Library: You are unsubscribed and will get no more messages.
> @web LOANS
= refused: opted out
= Unsubscribed
> LOANS
< City Library: You get reminders for your loans, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
