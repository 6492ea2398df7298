# HELP, INFO and their like are answered, also to who never joined
# CTIA wants an answer with a way to reach customer care.
rules: help
programs: ../programs/double.toml

> HELP
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
= None
> info
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
> Help me please!
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
> Aide
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
> ¿Ayuda?
< Harbor: Offers by text, 4 msgs/month. Call 1-800-555-0122 or write to help@harbor.example. Msg & data rates may apply. Reply STOP to cancel.
