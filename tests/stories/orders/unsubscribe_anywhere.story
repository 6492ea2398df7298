# An agent can end a programme in every state
rules: order-unsubscribe
programs: ../programs/double.toml

! UNSUBSCRIBE JOIN
= Unsubscribed
! UNSUBSCRIBE JOIN
= Unsubscribed
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! UNSUBSCRIBE JOIN
= Unsubscribed
> YES
= Unsubscribed
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! UNSUBSCRIBE JOIN
= Unsubscribed
