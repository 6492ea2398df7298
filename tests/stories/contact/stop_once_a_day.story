# A stranger's STOP, too, is confirmed at most once a day
rules: stop-message
programs: ../programs/double.toml

> STOP
< Harbor: You are unsubscribed and will get no more messages.
> STOP
= Unsubscribed
wait 1d
> STOP
< Harbor: You are unsubscribed and will get no more messages.
= Unsubscribed
