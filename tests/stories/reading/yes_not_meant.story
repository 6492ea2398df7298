# "Yes but not now", "y?" and "yesterday" are no YES
# Consent must be clear: what asks something back or takes it back is none (TCPA).
rules: yes-not-meant, other
programs: ../programs/double.toml

> JOIN
< Harbor: Reply YES to get our offers, 4 msgs/month. Msg & data rates may apply. Reply HELP for help, STOP to cancel.
> Yes but not now
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
> y?
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
> Yesterday
< Harbor: Sorry, we did not get that. Reply YES to get our offers, STOP to cancel.
= In Progress
