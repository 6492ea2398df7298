# A bare age counts where the programme accepts one
rules: bare-age
programs: ../programs/games.toml

> GAME
< Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> I'm 25!
< Pixel Zoo: You are subscribed to game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 GAME
< +15555550101 Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 13
< +15555550101 Pixel Zoo: You are subscribed to game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
> +15555550102 GAME
< +15555550102 Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 12 years old
< +15555550102 Pixel Zoo: Sorry, we cannot sign you up.
= +15555550102 Declined
