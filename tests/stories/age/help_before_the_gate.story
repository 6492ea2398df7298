# Age: HELP is answered before, at and behind the gate, which stays as it was
rules: help, pending-kept
programs: ../programs/wine.toml

> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> HELP
< Vine Lane: Wine club by text, 2 msgs/month. Call 1-800-555-0133 or write to help@vine.example. Msg & data rates may apply. Reply STOP to cancel.
= In Progress
> No
> HELP
< Vine Lane: Wine club by text, 2 msgs/month. Call 1-800-555-0133 or write to help@vine.example. Msg & data rates may apply. Reply STOP to cancel.
= None
> WINE
< Vine Lane: Reply with your birth date (MM/DD/YYYY) to join the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> 05/17/1990
< Vine Lane: You are in the wine club, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> HELP
< Vine Lane: Wine club by text, 2 msgs/month. Call 1-800-555-0133 or write to help@vine.example. Msg & data rates may apply. Reply STOP to cancel.
= Subscribed
