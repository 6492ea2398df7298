# Text: the keyword is answered with content, as often as it is sent, and nobody is subscribed
# The one answer to a request is no telemarketing (FCC 15-72, on-demand texts), and no consent either.
rules: text-response
programs: ../programs/deli.toml

> SOUP
< Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.
= None
> soup please!
< Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.
= SOUP: None
# What is said to the answer answers nothing.
> Yes
= None
