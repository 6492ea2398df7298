"""Targets: whatever has opt-in programmes and can be told a story.

`target` is the protocol; `engine` is the engine itself, `service` the service over any store,
and over HTTP there are `inbound` (ours), `mobileconnect` and `twilio` with its `carrier`.
"""
