# A deadline holds to the second, whether or not a timer fired before the next text
rules: lazy-deadlines
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
wait 71h 59m 58s
# Somebody else texts for a second, and the 72 hours are over.
> +15555550101 HELP
< +15555550101 Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
> Yes
= None
