# Text: no web form, app or API has a text sent to a number that did not ask
rules: text-elsewhere
programs: ../programs/deli.toml

> @web SOUP
= refused: double opt-in required
= None
> @app SOUP
= refused: double opt-in required
> @api SOUP
= refused: double opt-in required
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
> @web SOUP
= refused: opted out
= Unsubscribed
