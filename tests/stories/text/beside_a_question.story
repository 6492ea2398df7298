# Text: a question of another programme stays open, and its answer still counts
rules: text-response, pending-kept, asked-last
programs: ../programs/deli.toml

> DEALS
< Harbor Deli: Reply YES to get deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SOUP
< Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.
= SOUP: None
= DEALS: In Progress
> Yes
< Harbor Deli: You are subscribed to deli deals, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= DEALS: Subscribed
