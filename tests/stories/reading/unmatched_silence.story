# What nobody waits for is met with silence where no default message is set
rules: unmatched
programs: ../programs/double.toml

> Hello?
= None
> Yes
= None
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
# Consent once given is not given again.
> Yes
= Subscribed
