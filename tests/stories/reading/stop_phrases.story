# A revoking phrase is a STOP, wherever in the text it stands
# "Any reasonable means" of revoking consent counts (47 CFR 64.1200(a)(10)).
rules: stop-phrase
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> I never asked for this, take me off your list
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 You have the wrong number
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550102 Do not text me again
< +15555550102 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550103 For the last time: leave me alone!!
< +15555550103 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550104 Would you opt me out
< +15555550104 Corner Cafe: You are unsubscribed and will get no more messages.
