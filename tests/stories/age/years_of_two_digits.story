# A year of two digits counts where every century gives the same verdict
rules: birth-date-doubt
programs: ../programs/games.toml

at 2026-11-21 12:00 America/New_York
# 13 years or 113: old enough either way.
> GAME
< Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 5/17/13
< Pixel Zoo: You are subscribed to game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
# 12 years or 112: nobody can tell.
> +15555550101 GAME
< +15555550101 Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 5/17/14
< +15555550101 Pixel Zoo: Sorry, we did not get that. Reply with your age or birth date, STOP to cancel.
= +15555550101 In Progress
