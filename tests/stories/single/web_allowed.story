# Single: a web form, an app or an API may subscribe where allowSingleOptIn says so
rules: single-elsewhere
programs: ../programs/single_by_web.toml

> @web LOANS
< City Library: You get reminders for your loans, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 @app LOANS
< +15555550101 City Library: You get reminders for your loans, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
> +15555550102 @api LOANS
< +15555550102 City Library: You get reminders for your loans, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550102 Subscribed
