# Double: after STOP a START asks the question again
rules: start, double-join
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor: You are unsubscribed and will get no more messages.
> START
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
> Y
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
