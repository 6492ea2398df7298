# What nobody waits for gets the default message, at most once a day
rules: unmatched
programs: ../programs/front_desk.toml

> Is breakfast included?
< Hotel Luna: Nobody reads texts to this number. Call 1-800-555-0177. Reply HELP for help, STOP to cancel.
= None
> Hello?
= None
wait 23h
> Anybody?
= None
wait 1h
> Hello again
< Hotel Luna: Nobody reads texts to this number. Call 1-800-555-0177. Reply HELP for help, STOP to cancel.
= None
# The keyword is no such text.
> LUNA
< Hotel Luna: Welcome! Deals by text, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
