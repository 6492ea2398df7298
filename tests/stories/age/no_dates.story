# Impossible, incomplete and future dates are no answer
rules: birth-date-none, attempts
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 02/30/1990
< Vine Lane: Sorry, we did not get that. Reply with your birth date (MM/DD/YYYY), STOP to cancel.
> May 1990
< Vine Lane: Sorry, we did not get that. Reply with your birth date (MM/DD/YYYY), STOP to cancel.
> 11/21/2062
< Vine Lane: Sorry, we did not get that. Reply with your birth date (MM/DD/YYYY), STOP to cancel.
= In Progress
> 01/01/1900
= In Progress
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
