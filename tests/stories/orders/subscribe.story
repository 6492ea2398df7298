# An agent subscribes who may be subscribed, without a word
rules: order-subscribe
programs: ../programs/club.toml

! SUBSCRIBE NEWS
= NEWS: Subscribed
! SUBSCRIBE SHOES
= SHOES: Subscribed
# Once more changes nothing.
! SUBSCRIBE NEWS
= NEWS: Subscribed
! SUBSCRIBE SHOES
= SHOES: Subscribed
> SHOES
< Juno: You already get shoe offers. Reply HELP for help, STOP to cancel.
