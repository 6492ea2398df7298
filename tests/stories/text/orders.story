# Text: an agent can subscribe nobody, neither from the beginning nor again
rules: text-response, order-subscribe
programs: ../programs/deli.toml

! SUBSCRIBE SOUP
= refused: subscribes nobody
= SOUP: None
> STOP
< Harbor Deli: You are unsubscribed and will get no more messages.
! SUBSCRIBE SOUP
= refused: opted out
= SOUP: Unsubscribed
! RESUBSCRIBE SOUP
= refused: subscribes nobody
= Unsubscribed
! UNSUBSCRIBE SOUP
= SOUP: Unsubscribed
