# Age: who is a member stays one, whatever is written
rules: duplicate
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> WINE
< Vine Lane: You are in the wine club already. Reply HELP for help, STOP to cancel.
= Subscribed
# Nobody asked again: this is no answer to anything.
> 05/17/2015
= Subscribed
