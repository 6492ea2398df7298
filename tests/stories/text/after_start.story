# Text: who came back by START has nothing left over but the way it was
rules: help, reaction, deactivate
programs: ../programs/deli.toml

! UNSUBSCRIBE SOUP
> START
= SOUP: None
> Help
< Harbor Deli: Soup of the day and deals by text. Call 1-800-555-0113 or write to help@deli.example. Msg & data rates may apply. Reply STOP to cancel.
= SOUP: None
> Loved “Harbor Deli: Today we have pumpkin soup with ginger, $6 a bowl.”
= SOUP: None
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
= SOUP: Unsubscribed
! +15555550101 UNSUBSCRIBE SOUP
> +15555550101 START
! +15555550101 DEACTIVATE
= +15555550101 None
