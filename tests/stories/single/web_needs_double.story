# Single: nobody is subscribed by a web form, an app or an API
# CTIA and MMA want double opt-in for it: a form can be filled in with anybody's number.
rules: single-elsewhere
programs: ../programs/single.toml

> @web NEWS
= refused: double opt-in required
= None
> @app NEWS
= refused: double opt-in required
> @api NEWS
= refused: double opt-in required
= None
> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
