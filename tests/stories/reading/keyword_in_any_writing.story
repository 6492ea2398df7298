# The keyword counts in any case and writing, and with words behind it
rules: keyword
programs: ../programs/double.toml

> join
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= In Progress
> +15555550101 “Join!”
< +15555550101 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550102 ＪＯＩＮ
< +15555550102 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> +15555550103 Join the offers please
< +15555550103 Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= +15555550103 In Progress
