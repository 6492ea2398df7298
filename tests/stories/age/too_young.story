# Age: who is too young is declined, and cannot try a better date at once
# COPPA: the gate is neutral, and a child does not go back to give another age (FTC, Complying with COPPA: FAQ).
rules: age-refuses, age-lock
programs: ../programs/games.toml

at 2026-11-21 12:00 America/New_York
> GAME
< Pixel Zoo: Reply with your age or birth date to get game tips, 3 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2015
< Pixel Zoo: Sorry, we cannot sign you up.
= Declined
> 05/17/1990
= Declined
> GAME
< Pixel Zoo: Sorry, we cannot sign you up.
= Declined
