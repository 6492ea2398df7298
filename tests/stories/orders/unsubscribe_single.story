# Single: an agent can end it in every state, and START brings it back
rules: order-unsubscribe, start
programs: ../programs/single.toml

! UNSUBSCRIBE NEWS
= Unsubscribed
! UNSUBSCRIBE NEWS
= Unsubscribed
> START
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
! UNSUBSCRIBE NEWS
= Unsubscribed
