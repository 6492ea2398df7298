# Who opted out and writes gets the default message like anybody, and stays out
rules: unmatched, silent-after-stop
programs: ../programs/front_desk.toml

> STOP
< Hotel Luna: You are unsubscribed and will get no more messages.
> Did that work?
< Hotel Luna: Nobody reads texts to this number. Call 1-800-555-0177. Reply HELP for help, STOP to cancel.
= Unsubscribed
> Well?
= Unsubscribed
