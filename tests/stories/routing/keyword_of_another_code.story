# A keyword is one on its own code only
rules: own-code, keyword
programs: ../programs/two_codes.toml

> MEETS
= None
to 565656
> MEETS
< Rivertown Pool: Welcome! Swim meets, 1 msg/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
