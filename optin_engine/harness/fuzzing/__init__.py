"""Fuzzing: Hypothesis plays conversations, and an independent oracle says what must come.

`oracle` (with `oracle_reading`, `oracle_machines` and `known_texts`) is the specification once
more, in a naive form that imports nothing of the engine; `plain` gives it definitions. `judges`
say what must come, `judged` holds it against what came, `invariants` are laws of any turn, and
`broken` names the rule that a difference breaks. `pools` is what conversations are made of,
`game` plays one, `fuzzer` many until an `interruption`, and `telling` and `report` show what
was found.
"""
