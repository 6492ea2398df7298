# Age: a web form may ask, and the birth date counts from the handset only
rules: confirmed-by-handset, double-elsewhere
programs: ../programs/wine.toml

> @web WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
> @web 05/17/1990
= refused: handset only
= In Progress
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
