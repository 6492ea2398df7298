# Courtesy around a STOP word takes nothing from it
rules: stop-word
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Please stop
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 Hi, ok, cancel
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550102 No, I want to unsubscribe.
< +15555550102 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550103 Stop. Thank you
< +15555550103 Corner Cafe: You are unsubscribed and will get no more messages.
= +15555550103 Unsubscribed
