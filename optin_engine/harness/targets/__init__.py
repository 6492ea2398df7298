"""Targets: whatever has opt-in programmes and can be told a story.

Begin with `target`, which says what one can do. `engine` is the engine itself, and `service`
the service over any store, both in this process.

A running system is told of by what is `described`; `opening` opens it, by `reaching` all that
it needs. It is `inbound` (our own service), `mobileconnect`, or `twilio`: a webhook that
answers in `twiml`, or sends to the `carrier` that is played here.

What they share: `calling` makes calls, `queued` those of queueMO and `dev` those of
`serve --dev`; `cast` gives a story's contacts numbers that nobody has; `defining` writes
definitions out, and `programmes` makes them a target's.
"""
