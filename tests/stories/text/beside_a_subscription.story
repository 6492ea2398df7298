# Text: who is subscribed to another programme of the code stays so, and STOP ends that one
rules: text-response, stop-ends-all
programs: ../programs/deli.toml

> DEALS
< Harbor Deli: Reply YES to get deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Harbor Deli: You are subscribed to deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SOUP
< Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.
= DEALS: Subscribed
= SOUP: None
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
= DEALS: Unsubscribed
