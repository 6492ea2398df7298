# Without a time zone a birthday counts once it has come everywhere
rules: birthday
programs: ../programs/games.toml

# West of Hawaii, where the day comes last, it is still the 20th.
at 2026-11-21 11:59 UTC
> GAME
< Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 11/21/2013
< Pixel Zoo: Sorry, we cannot sign you up.
= Declined
at 2026-11-21 12:01 UTC
> +15555550101 GAME
< +15555550101 Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 11/21/2013
< +15555550101 Pixel Zoo: You are subscribed to game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550101 Subscribed
