# Double: a web form may ask, and only the handset can answer
# Anybody can type a number into a form; whoever holds the phone must agree (CTIA, 5.1.2).
rules: double-elsewhere, confirmed-by-handset
programs: ../programs/double.toml

> @web JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
> @web YES
= refused: handset only
= In Progress
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
