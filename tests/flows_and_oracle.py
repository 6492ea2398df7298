"""A flow held against the oracle's machines: every state, everything heard, every case."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from optin_engine.flow import Flow
from optin_engine.guards import Question
from optin_engine.harness.fuzzing.oracle_machines import step
from optin_engine.vocabulary import Says

# What the oracle calls the answers of the tables' questions.
FACTS: dict[str, tuple[str, Any]] = {
    "handset": ("handset", True),
    "elsewhere": ("handset", False),
    "single allowed": ("single allowed", True),
    "single refused": ("single allowed", False),
    "attempts left": ("attempts left", True),
    "attempts spent": ("attempts left", False),
    "old enough": ("verdict", "old_enough"),
    "too young": ("verdict", "too_young"),
    "ambiguous": ("verdict", "ambiguous"),
    "cooled down": ("cooling down", False),
    "cooling down": ("cooling down", True),
    "of age": ("of age", True),
    "age unknown": ("of age", False),
    "reminder due": ("reminder due", True),
    "reminder not due": ("reminder due", False),
    "resubscribe asked": ("resubscribe", True),
    "resubscribe not asked": ("resubscribe", False),
    "stop not answered today": ("stop said today", False),
    "stop answered today": ("stop said today", True),
    "default not said today": ("default said today", False),
    "default said today": ("default said today", True),
    "came back": ("came back", True),
    "stayed out": ("came back", False),
}


def cases(flow: Flow) -> Iterator[dict[Question, str]]:
    """Give every combination of answers to every question that a flow asks."""
    asked = (q for rows in flow.table.values() for conditions, _ in rows for q, _ in conditions)
    questions = list(dict.fromkeys(asked))
    for answers in product(*(question.answers for question in questions)):
        yield dict(zip(questions, answers, strict=True))


def difference_from_oracle(flow: Flow) -> str | None:
    """Give the first case that the flow answers in another way than the oracle, or None."""
    # What a flow does not ask makes no difference to it; the oracle may still look.
    indifferent = dict(FACTS.values())
    for case in cases(flow):
        facts = indifferent | dict(FACTS[answer] for answer in case.values())
        for (state, hears), rows in flow.table.items():
            found = [
                (row.target, "" if row.says == Says.NOTHING else row.says, row.refusal or "")
                for conditions, row in rows
                if all(case[question] in answers for question, answers in conditions)
            ]
            if found != [step(flow.name, state, hears, facts)]:
                return f"{state} hears {hears} if {', '.join(case.values())}: {found}"
    return None
