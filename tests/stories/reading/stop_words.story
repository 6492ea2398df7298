# Each STOP word ends it, also for who never joined
# The TCPA names them: stop, quit, end, revoke, opt out, cancel and unsubscribe (47 CFR 64.1200(a)(10)).
rules: stop-word, never-subscribed
programs: ../programs/double.toml

> STOP
< Harbor: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 QUIT
< +15555550101 Harbor: You are unsubscribed and will get no more messages.
> +15555550102 END
< +15555550102 Harbor: You are unsubscribed and will get no more messages.
> +15555550103 REVOKE
< +15555550103 Harbor: You are unsubscribed and will get no more messages.
> +15555550104 OPT OUT
< +15555550104 Harbor: You are unsubscribed and will get no more messages.
> +15555550105 CANCEL
< +15555550105 Harbor: You are unsubscribed and will get no more messages.
> +15555550106 UNSUBSCRIBE
< +15555550106 Harbor: You are unsubscribed and will get no more messages.
> +15555550107 STOPALL
< +15555550107 Harbor: You are unsubscribed and will get no more messages.
