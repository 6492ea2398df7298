# Single: STOP is confirmed once, and at most once a day after that
# The TCPA allows one confirmation of an opt-out (47 CFR 64.1200(a)(12)).
rules: stop-message
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Corner Cafe: You are unsubscribed and will get no more messages.
= NEWS: Unsubscribed
> I said STOP
= NEWS: Unsubscribed
wait 24h
> STOP!!!
< Corner Cafe: You are unsubscribed and will get no more messages.
= NEWS: Unsubscribed
