"""Stories: conversations as text files, which a marketer reads and writes, and which run.

`story` has the values, `parsing` and `writing` turn them from text and into it (by `acts`,
`expectations` and `terms`; `escaping` is the rule for odd texts). `playing` tells a story to a
target and compares, `showing` says what differs. `running` plays many and sums them up in
`reports`; `coverage` tells which rows no story took; `recording` and `history` make stories of
conversations that were.
"""
