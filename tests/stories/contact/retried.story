# A text that the carrier brings twice is acted on and answered once
rules: retry
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
again
= In Progress
> What?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
again
again
= In Progress

# Of three attempts two are left: the retries took none.
> Hm?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> YES
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
again
= Subscribed
