# Age: HELP is answered also to who was declined, and to who opted out
rules: help
programs: ../programs/wine.toml

at 2026-11-21 12:00 America/New_York
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/2010
< Vine Lane: Sorry, we cannot sign you up.
> HELP
< Vine Lane: Wine club by text, 2 msgs/month. Call 1-800-555-0133 or write to help@vine.example. Msg & data rates may apply. Reply STOP to cancel.
= Declined
> STOP
< Vine Lane: You are unsubscribed and will get no more messages.
> HELP
< Vine Lane: Wine club by text, 2 msgs/month. Call 1-800-555-0133 or write to help@vine.example. Msg & data rates may apply. Reply STOP to cancel.
= WINE: Unsubscribed
