"""Stories: conversations as text files, which a marketer reads and writes, and which run.

`story` has the values, `parsing` and `writing` turn them from text and into it, `playing`
tells a story to a target and compares, `showing` says what differs. `running` plays many and
sums them up in `reports`; `coverage` tells which rows no story took; `recording` makes stories
of conversations that were.
"""
