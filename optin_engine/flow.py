"""A compiled machine: the table that runs.

`{(state, hears): ((conditions, row), ...)}` is all that is looked at when something is
heard. `machines` compiles it, and has proved before that exactly one row applies.
"""

from collections.abc import Iterator, Mapping

import attrs

from optin_engine.guards import Question, Situation
from optin_engine.outcome import Row

Condition = tuple[Question, tuple[str, ...]]


class TableError(Exception):
    """A table or a machine that is not sound; the message names the row and the mend."""


@attrs.frozen
class Flow:
    """A compiled machine: `{(state, hears): ((conditions, row), ...)}`, total and exclusive.

    Attributes:
        name: the machine's.
        states: every state, the initial one first.
        table: for a state and what it hears, the rows and the conditions they stand under.
        silent: the pairs of state and event that change nothing and say nothing.
        certain: the row of each pair that has but one, without conditions.

    """

    name: str
    states: tuple[str, ...]
    table: Mapping[tuple[str, str], tuple[tuple[tuple[Condition, ...], Row], ...]]
    silent: frozenset[tuple[str, str]]
    certain: Mapping[tuple[str, str], Row]

    def step(self, state: str, hears: str, situation: Situation) -> Row:
        """Give the one row that applies.

        Args:
            state: where the subscription is.
            hears: what it is told.
            situation: what the questions may look at.

        Raises:
            TableError: the flow has no such state, or cannot hear this at all.

        """
        row = self.certain.get((state, hears))
        if row is not None:
            return row
        try:
            rows = self.table[state, hears]
        except KeyError:
            known = f"its states are {', '.join(self.states)}"
            message = f"{self.name} cannot hear {hears} in state {state}: {known}"
            raise TableError(message) from None
        for conditions, row in rows:
            for question, answers in conditions:
                if question.ask(situation) not in answers:
                    break
            else:
                return row
        message = f"{self.name} in {state} has no row for {hears}: a guard gave no known answer"
        raise TableError(message)

    def rows(self) -> Iterator[Row]:
        """Give every row of every state, in the order of the table."""
        for rows in self.table.values():
            for _, row in rows:
                yield row

    def says(self) -> frozenset[str]:
        """Give the kinds of text that its rows say."""
        return frozenset(row.says for row in self.rows())
