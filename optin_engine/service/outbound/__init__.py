"""Sends: one text to many contacts, by a campaign or an API.

`orders` is what a caller asks for, `sender` takes it (and subscribes whom it asks to), and
`enqueuer` deals with the members, a page at a time, whose texts `rendering` makes; the
dispatcher hands over what is queued. `unrendered` is for MTs that HTTPGet has yet to fill.
"""
