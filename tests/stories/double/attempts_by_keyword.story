# Asking to be asked again takes an attempt, so nobody can make us text without end
rules: attempts, join-again
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> JOIN
= In Progress
