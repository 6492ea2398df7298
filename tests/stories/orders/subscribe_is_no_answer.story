# An agent cannot answer a pending question in the contact's name
rules: order-subscribe, confirmed-by-handset
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
! SUBSCRIBE JOIN
= refused: double opt-in required
= In Progress
> Yes
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
