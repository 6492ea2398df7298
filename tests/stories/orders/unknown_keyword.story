# An order for a keyword that the code does not have is refused
rules: order-subscribe
programs: ../programs/double.toml

! SUBSCRIBE SHOES
= refused: unknown keyword
! UNSUBSCRIBE SHOES
= refused: unknown keyword
= None
