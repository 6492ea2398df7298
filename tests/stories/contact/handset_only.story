# From a web form, an app or an API nothing counts but a keyword, and STOP
rules: handset-only
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> @web Yes
= refused: handset only
> @app HELP
= refused: handset only
> @api No
= refused: handset only
= In Progress
