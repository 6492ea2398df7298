# Only the programme's own valid responses are a YES
rules: valid-responses
programs: ../programs/agree.toml

> TIPS
< Elm Clinic: Reply AGREE to get health tips, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes
< Elm Clinic: Sorry, we did not get that. Reply AGREE to get health tips, STOP to cancel.
= In Progress
> I agree, thanks!
< Elm Clinic: You are subscribed to health tips, 2 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
= Subscribed
