# A STOP counts, whatever its origin
rules: handset-only
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> @web STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 NEWS
< +15555550101 Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! +15555550101 STOP
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
= +15555550101 Unsubscribed
