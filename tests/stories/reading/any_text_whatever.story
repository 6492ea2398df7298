# Any text whatever is read, the strangest too
rules: bounded
programs: ../programs/double.toml

> 😀🎉
= None
> \u200b\u200d
= None
> %s {0} <b>'; --\\
= None
> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> \u0020
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> ...?!
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> ﷽
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
> \u200fYes\u200e
< Harbor: You are subscribed to our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
