# A question that was asked before a programme was reworded is answered in the new words
rules: changed-definition, pending-kept
programs: ../programs/boats.toml

> BOATS
< Lakeside: Reply YES to get boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
programs: ../programs/boats_reworded.toml
> What?
< Lakeside: Sorry, we did not get that. Reply YES to come aboard, STOP to cancel.
= In Progress
> Yes
< Lakeside: Welcome aboard! Boat offers, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
