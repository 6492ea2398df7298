"""Stories: conversations as text files, which a marketer reads and writes, and which run.

Begin with `story`: what a file may say, line by line, and the values that it becomes.

`parsing` reads one, with `acts`, `expectations` and `terms`, from a line's `words`; `writing`
is its inverse, and `escaping` what both make of odd texts. `playing` tells a story to a target,
turn by turn by a `player`, and gives what was `played`; `matching` holds what was said against
what had to be. `showing` shows the difference, and `updating` writes it into the file.

`running` finds and plays many, `reports` and `junit` sum them up, and `coverage` tells which
rows no story takes, but for those `out_of_reach`. `recording` and `history` write stories of
conversations that were, by `telling` what came of each act.
"""
