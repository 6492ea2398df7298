# A keyword is the first word, and a whole one
rules: keyword
programs: ../programs/double.toml

> I want to join
= None
> Joining!
= None
> rejoin
= None
> Join
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
