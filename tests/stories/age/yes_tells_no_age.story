# Age: YES tells no age, so the birth date is asked for
rules: age-asks
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes!
< Vine Lane: Thanks! Now reply with your birth date (MM/DD/YYYY).
= In Progress
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
