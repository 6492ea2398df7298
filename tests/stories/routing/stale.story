# A text from before the last STOP comes too late to count
rules: stale
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 3h
> STOP
< Harbor: You are unsubscribed and will get no more messages.
# Sent before the STOP, delayed by the carrier.
> -2h YES
= refused: stale
> -1h JOIN
= refused: stale
= Unsubscribed
