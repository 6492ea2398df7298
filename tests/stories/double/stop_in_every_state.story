# Double: STOP ends it in every state
# CTIA 5.1.3: an opt-out is honoured and confirmed, wherever the contact stands.
rules: stop-word
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor: You are unsubscribed and will get no more messages.
= JOIN: Unsubscribed
> +15555550101 JOIN
< +15555550101 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 No
> +15555550101 STOP
< +15555550101 Harbor: You are unsubscribed and will get no more messages.
= +15555550101 JOIN: Unsubscribed
> +15555550102 JOIN
< +15555550102 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 YES
< +15555550102 Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 STOP
< +15555550102 Harbor: You are unsubscribed and will get no more messages.
= +15555550102 JOIN: Unsubscribed
