# A slip of the thumb in stop, unsubscribe or cancel is still a STOP
rules: stop-slip
programs: ../programs/single.toml

> sotp
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 Stoop
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550102 st0p
< +15555550102 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550103 unsuscribe
< +15555550103 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550104 Cancle!
< +15555550104 Corner Cafe: You are unsubscribed and will get no more messages.
# As part of a text a slip decides nothing: this is about a front stoop.
> +15555550105 Nice photo of the stoop
= +15555550105 None
