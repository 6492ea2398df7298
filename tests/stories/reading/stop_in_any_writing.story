# An opt-out never depends on case, spacing or punctuation
# CTIA wants small variances in an opt-out to make no difference (Messaging Principles, 5.1.3).
rules: stop-any-writing
programs: ../programs/single.toml

> sToP!!
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 s t o p
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550102 S.T.O.P.
< +15555550102 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550103 “Stop”
< +15555550103 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550104 ＳＴＯＰ
< +15555550104 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550105 stop🛑
< +15555550105 Corner Cafe: You are unsubscribed and will get no more messages.
