# Age: after three texts that are no birth date there is silence, and a birth date still counts
rules: attempts
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Vine Lane: Thanks! Now reply with your birth date (MM/DD/YYYY).
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Why do you ask?
< Vine Lane: Sorry, we did not get that. Reply with your birth date (MM/DD/YYYY), STOP to cancel.
> Yes
= In Progress
> WINE
= In Progress
> Really?
= In Progress
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
