# Text: who opted out and asks gets this one answer, and stays out
rules: text-after-stop, silent-after-stop
programs: ../programs/deli.toml

> DEALS
< Harbor Deli: Reply YES to get deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Harbor Deli: You are subscribed to deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
> SOUP
< Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.
= Unsubscribed
= DEALS: Unsubscribed
# It was no return: the next STOP of that day is a second one, and YES answers nothing.
> STOP
= Unsubscribed
> Yes
= Unsubscribed
> START
< Harbor Deli: Reply YES to get deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
