# STOP counts in French and in Spanish, with and without accents
# Canadian carriers ask for ARRET.
rules: stop-other-languages
programs: ../programs/single.toml

> ARRÊT
< Corner Cafe: You are unsubscribed and will get no more messages.
= Unsubscribed
> +15555550101 arreter svp
< +15555550101 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550102 Alto
< +15555550102 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550103 Por favor, cancelar
< +15555550103 Corner Cafe: You are unsubscribed and will get no more messages.
> +15555550104 ¡Basta!
< +15555550104 Corner Cafe: You are unsubscribed and will get no more messages.
