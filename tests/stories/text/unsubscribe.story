# Text: what an agent ends is kept until START, and who asks is answered all the same
rules: order-unsubscribe, text-elsewhere
programs: ../programs/tides_by_web.toml

! UNSUBSCRIBE TIDES
= Unsubscribed
! UNSUBSCRIBE TIDES
= Unsubscribed
> @web TIDES
= refused: opted out
= Unsubscribed
> TIDES
< Harbor Office: High tide today at 9:40 and 22:05, low tide at 3:30 and 15:55.
= Unsubscribed
> START
= None
> @web TIDES
< Harbor Office: High tide today at 9:40 and 22:05, low tide at 3:30 and 15:55.
= None
