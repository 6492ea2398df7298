# Double: after STOP no web form, app or API asks again
rules: own-handset
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor: You are unsubscribed and will get no more messages.
> @web JOIN
= refused: opted out
> @app JOIN
= refused: opted out
> @api JOIN
= refused: opted out
= Unsubscribed
