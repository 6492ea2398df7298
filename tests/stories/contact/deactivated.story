# A number that was reassigned takes no consent with it
# Whoever has the number now never agreed to anything (47 CFR 64.1200(m)).
rules: deactivate
programs: ../programs/club.toml

> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! DEACTIVATE
= NEWS: None
= SHOES: None
> YES
= None
> NEWS
< Juno: Welcome! Our news, 1 msg/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
