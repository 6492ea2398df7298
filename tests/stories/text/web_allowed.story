# Text: a web form may ask where allowSingleOptIn says so, but never for who opted out
rules: text-elsewhere, own-handset
programs: ../programs/tides_by_web.toml

> @web TIDES
< Harbor Office: High tide today at 9:40 and 22:05, low tide at 3:30 and 15:55.
= None
> +15555550101 @app TIDES
< +15555550101 Harbor Office: High tide today at 9:40 and 22:05, low tide at 3:30 and 15:55.
= +15555550101 None
> STOP
< Harbor Office: You will get no more messages, but for the tides when you text TIDES.
> @web TIDES
= refused: opted out
= TIDES: Unsubscribed
> TIDES
< Harbor Office: High tide today at 9:40 and 22:05, low tide at 3:30 and 15:55.
= TIDES: Unsubscribed
