# Nothing is said after the stop message until the contact writes again
# The reminder of a pending question dies with it (TCPA: one confirmation, and nothing after it).
rules: silent-after-stop
programs: ../programs/reminded.toml

> OFFERS
< Old Mill: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Old Mill: You are unsubscribed and will get no more messages.
wait 7d
= Unsubscribed
> Yes
= Unsubscribed
