# Double: several people may be asked at a time, and each answers for itself
rules: pending-kept, double-yes
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550124 JOIN
< +15555550124 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
= +15555550124 In Progress

> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
= +15555550124 In Progress

> +15555550124 yes!
< +15555550124 Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550124 Subscribed
