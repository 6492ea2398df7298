# Text: HELP, tapbacks and STOP count as everywhere, also for what an agent ended
rules: help, reaction, stop-message
programs: ../programs/deli.toml

! UNSUBSCRIBE SOUP
> HELP
< Harbor Deli: Soup of the day and deals by text. Call 1-800-555-0113 or write to help@deli.example. Msg & data rates may apply. Reply STOP to cancel.
= SOUP: Unsubscribed
> Liked “Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.”
= SOUP: Unsubscribed
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
= SOUP: Unsubscribed
> STOP
= SOUP: Unsubscribed
> START
< Harbor Deli: Welcome back. You get no messages until you join again: text DEALS. Reply HELP for help, STOP to cancel.
= SOUP: None
! UNSUBSCRIBE SOUP
! DEACTIVATE
= SOUP: None
