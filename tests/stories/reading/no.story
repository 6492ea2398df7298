# NO ends the question without a word, and a YES after it comes too late
rules: no
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> No thanks
= None
> Yes
= None
> +15555550101 JOIN
< +15555550101 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550101 Nope
= +15555550101 None
