# When in doubt between STOP and anything else, it is STOP
rules: stop-in-doubt
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes, stop
< Harbor: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 JOIN
< +15555550101 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 Help, I need you to stop texting me
< +15555550101 Harbor: You are unsubscribed and will get no more messages.
= +15555550101 Unsubscribed
# Even the keyword does not outweigh it.
> +15555550102 Join? No, you have the wrong number
< +15555550102 Harbor: You are unsubscribed and will get no more messages.
= +15555550102 Unsubscribed
