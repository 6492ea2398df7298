# START after a stranger's STOP lifts the opt-out, and joins nothing
rules: start
programs: ../programs/double.toml

> STOP
< Harbor: You are unsubscribed and will get no more messages.
= Unsubscribed
> START
< Harbor: Welcome back. You get no messages until you join again: text JOIN. Reply HELP for help, STOP to cancel.
= None
# Nothing is left to come back from.
> START
= None
