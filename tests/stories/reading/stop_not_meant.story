# "Don't stop", "non-stop" and "bus stop" are no STOP
rules: stop-not-meant, other
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Don't stop
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> y
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Non-stop fun with your offers
= Subscribed
> Is there a bus stop at your store?
= Subscribed
> Please don't stop texting me
= Subscribed
