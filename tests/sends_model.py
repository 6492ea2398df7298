"""A naive model of sends: what may be queued, handed over, withdrawn and finished."""

from collections.abc import Iterable, Mapping

import attrs

from optin_engine.stores import Fate, Mt, Send, SendState

OPEN = frozenset({Fate.QUEUED, Fate.WITHDRAWN})
MOVING = frozenset({SendState.QUEUING, SendState.STARTED})
HELD = frozenset({SendState.PAUSED, SendState.CANCELLED, SendState.ERROR})


@attrs.define
class Person:
    """A contact: whether it is out of the code, and the consent of each programme it is in."""

    is_out: bool = False
    sequence: int = 0
    consents: dict[str, int] = attrs.field(factory=dict)

    def joins(self, keyword: str) -> None:
        self.is_out = False
        self.sequence += 1
        self.consents[keyword] = self.sequence

    def leaves(self, keywords: Iterable[str], *, all_of_it: bool) -> None:
        for keyword in keywords:
            self.sequence += 1
            self.consents.pop(keyword, None)
        if all_of_it:
            self.sequence += 1
            self.is_out = True
            self.consents.clear()

    @property
    def consent(self) -> int:
        return 0 if self.is_out else max(self.consents.values(), default=0)


@attrs.define
class Model:
    """People by number, lists, and the sends with the numbers that each has still to deal with."""

    people: dict[str, Person] = attrs.field(factory=dict)
    lists: dict[int, set[str]] = attrs.field(factory=dict)
    sends: dict[int, Send] = attrs.field(factory=dict)
    done: dict[int, list[str]] = attrs.field(factory=dict)

    def page(self, send: int, limit: int) -> list[str]:
        """Give whom a send deals with next."""
        one = self.sends[send]
        targets = set[str]().union(*(self.lists[list_] for list_ in one.targets))
        out = set[str]().union(*(self.lists[list_] for list_ in one.excluded))
        last = max(self.done[send], default="")
        return sorted(number for number in targets - out if number > last)[:limit]

    def may_be_told(self, numbers: Iterable[str]) -> list[tuple[str, int]]:
        """Give who of them is told, and by which consent."""
        known = [(number, self.people.get(number, Person()).consent) for number in numbers]
        return [(number, consent) for number, consent in known if consent]


def claimable(mts: Iterable[Mt], sends: Mapping[int, Send], in_hand: set[int]) -> set[int]:
    """Give the MTs that a claim may take; times play no part.

    Args:
        mts: all there are.
        sends: as they are; one that rests now is left out, and holds up nobody.
        in_hand: the ids of those that are claimed and not settled, or put off.

    """
    mts = [mt for mt in mts if mt.send == 0 or mt.send in sends]
    waiting = sorted((mt for mt in mts if mt.fate in OPEN), key=lambda mt: mt.id)
    found = set()
    for mt in waiting:
        older = [other for other in waiting if other.number == mt.number and other.id < mt.id]
        if mt.send == 0:
            is_held_up = any(other.send == 0 for other in older)
        else:
            states = [sends[other.send].state for other in older if other.send]
            is_held_up = len(states) < len(older) or any(state not in HELD for state in states)
        is_moving = mt.send == 0 or sends[mt.send].state in MOVING
        if mt.fate == Fate.QUEUED and mt.id not in in_hand and is_moving and not is_held_up:
            found.add(mt.id)
    return found
