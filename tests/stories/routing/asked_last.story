# A reply goes to the programme that asked last, also where it asked again
rules: asked-last
programs: ../programs/club.toml

> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> BAGS
< Juno: Reply YES to get bag offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> SHOES
< Juno: Reply YES to get shoe offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> What?
< Juno: Sorry, we did not get that. Reply YES to get shoe offers, STOP to cancel.
> No
= SHOES: None
= BAGS: In Progress
> What?
< Juno: Sorry, we did not get that. Reply YES to get bag offers, STOP to cancel.
