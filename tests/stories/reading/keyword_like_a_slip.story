# A keyword that looks like a slip of STOP is the keyword
rules: stop-slip-keyword
programs: ../programs/stoop.toml

> Stoop
< Stoop Magazine: Welcome! Magazine news, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> Sotp
< Stoop Magazine: You are unsubscribed and will get no more messages.
= Unsubscribed
