# A bare age is no answer where the programme wants a birth date
# For alcohol and tobacco carriers want day, month and year of birth, no age and no yes.
rules: bare-age
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 25
< Vine Lane: Sorry, we did not get that. Reply with your birth date (MM/DD/YYYY), STOP to cancel.
= In Progress
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
