# An agent brings nobody back after STOP, except by a resubscribe in so many words
rules: own-handset
programs: ../programs/club.toml

> STOP
< Juno: You are unsubscribed from all of our messages and will get no more.
! SUBSCRIBE NEWS
= refused: opted out
! SUBSCRIBE SHOES
= refused: opted out
= Unsubscribed
! RESUBSCRIBE NEWS
= Subscribed
! RESUBSCRIBE SHOES
= SHOES: Subscribed
