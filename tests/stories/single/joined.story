# Single: the keyword from the handset subscribes at once
# A text of one's own accord is consent; the welcome says what comes, how often and how to stop (CTIA).
rules: single-join
programs: ../programs/single.toml

> NEWS
< Corner Cafe: Welcome! Menus and news, 2 msgs/week. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
