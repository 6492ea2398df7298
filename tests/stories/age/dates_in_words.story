# A birth date counts with the month's name and in a short wrapping
rules: birth-date-words
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> May 17, 1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
> +15555550101 WINE
< +15555550101 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 my birthday is the 5th of Jan, 1990!
< +15555550101 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 WINE
< +15555550102 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 DOB: 17 mai 1990
< +15555550102 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 WINE
< +15555550103 Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 Nací el 5 de enero de 1990
< +15555550103 Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550103 Subscribed
