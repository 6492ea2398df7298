"""Lists in every store against dictionaries, whatever is filled, removed, deleted, made again."""

from collections.abc import Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from optin_engine.stores import Member, Store
from tests.sends import add, number_of
from tests.store_contract import NOW

names = st.sampled_from(("Friends", "Foes"))
numbers = st.integers(0, 4).map(number_of)
members = st.lists(st.builds(Member, numbers, st.sampled_from(("", "ann", "bill"))), max_size=6)


class ListsAndDictionaries(RuleBasedStateMachine):
    """A store, and beside it a dictionary of members for each list that there is."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.ids: dict[str, int] = {}
        self.known: dict[str, dict[str, Member]] = {}
        self.gone: list[int] = []
        self.sends: dict[int, str] = {}

    @rule(name=names, given=members)
    def fills(self, name: str, given: Sequence[Member]) -> None:
        made = self.store.lists.make(name, NOW)
        assert self.ids.setdefault(name, made.id) == made.id
        assert made.id not in self.gone
        self.store.lists.fill(made.id, given)
        self.known.setdefault(name, {}).update({member.number: member for member in given})

    @rule(name=names, out=st.lists(numbers, max_size=4))
    def removes(self, name: str, out: Sequence[str]) -> None:
        known = self.known.get(name, {})
        removed = self.store.lists.remove(self.ids.get(name, 0), out)
        assert removed == len(known.keys() & set(out))
        for number in out:
            known.pop(number, None)

    @rule(name=names)
    def deletes(self, name: str) -> None:
        naming = tuple(send for send, named in self.sends.items() if named == name)
        assert self.store.lists.delete(self.ids.get(name, 0)) == naming
        if not naming and name in self.ids:
            self.gone.append(self.ids.pop(name))
            del self.known[name]

    @rule(name=names, leaves_out=st.booleans())
    def sends_to(self, name: str, leaves_out: bool) -> None:  # noqa: FBT001 - drawn.
        if name in self.ids:
            id_ = self.ids[name]
            send = add(self.store, excluded=(id_,)) if leaves_out else add(self.store, id_)
            self.sends[send] = name

    @rule()
    def ends_the_oldest_send(self) -> None:
        for send in list(self.sends)[:1]:
            self.store.sends.cancel(send, NOW, 9)
            del self.sends[send]

    @rule(number=numbers)
    def erases(self, number: str) -> None:
        self.store.erase(number)
        for known in self.known.values():
            known.pop(number, None)

    @invariant()
    def reads_what_the_dictionaries_hold(self) -> None:
        lists = self.store.lists
        assert [known.name for known in lists.every()] == sorted(self.known)
        for name, known in self.known.items():
            expected = [known[number] for number in sorted(known)]
            assert list(lists.members(self.ids[name])) == expected
            assert lists.count(self.ids[name]) == len(expected)
        for number in map(number_of, range(5)):
            within = sorted(self.ids[name] for name, known in self.known.items() if number in known)
            assert list(lists.of(number)) == within
        assert not any(map(lists.find, self.gone))

    def teardown(self) -> None:
        """Leave no list behind, so that the next game begins with none in the same store."""
        while self.sends:
            self.ends_the_oldest_send()
        for id_ in self.ids.values():
            self.store.lists.delete(id_)


def test_lists_are_what_dictionaries_would_be(store: Store) -> None:
    played = type("Played", (ListsAndDictionaries,), {"store": store})
    effort = settings(max_examples=15, stateful_step_count=20, deadline=None)
    run_state_machine_as_test(played, settings=effort)
