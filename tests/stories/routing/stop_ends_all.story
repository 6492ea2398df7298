# STOP ends all that the contact has on the code
rules: stop-ends-all
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Juno: You are unsubscribed from all of our messages and will get no more.
= NEWS: Unsubscribed
= SHOES: Unsubscribed
= BAGS: Unsubscribed
> @web BAGS
= refused: opted out
