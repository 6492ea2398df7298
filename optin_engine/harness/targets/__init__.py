"""Targets: whatever has opt-in programmes and can be told a story.

`target` is the protocol; `engine` is the engine itself, `service` the service over any store,
and over HTTP there are `inbound` (ours), `mobileconnect` and `twilio` with its `carrier`.
`opening` opens one of these three, by `reaching` what it needs.

What they are made of: `cast` gives a story's contacts numbers that nobody has, `defining`
writes definitions out and `programmes` makes them a target's, `calling` makes the calls,
`queued` those of queueMO, `dev` those of `serve --dev`, and `twiml` reads answers.
"""
