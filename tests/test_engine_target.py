"""The engine as a target: what it makes of a story is what the bare engine makes of it."""

from datetime import datetime, timedelta
from operator import itemgetter

import attrs
import pytest
from hypothesis import given, settings

from optin_engine.engine import Engine
from optin_engine.harness import starter
from optin_engine.harness.phone import NOON, NUMBER
from optin_engine.harness.stories.story import (
    Act,
    Order,
    Ordered,
    Said,
    Story,
    Text,
    Wait,
)
from optin_engine.harness.targets.engine import EngineTarget, WrittenContacts
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact, Hears, Inbound, Instruction, Origin
from tests.random_stories import stories, told


def test_the_engine_wants_its_programmes_first() -> None:
    with pytest.raises(RuntimeError, match="define"):
        EngineTarget().wait_until(NOON)


def test_a_contact_is_read_back_as_it_was_written_out() -> None:
    contact = Engine(starter()).receive(Contact(NUMBER, "123456"), Inbound("JOIN", NOON)).contact
    kept = WrittenContacts()
    kept["a", "b"] = contact
    assert kept["a", "b"] == contact
    assert kept["a", "b"] is not contact
    assert (list(kept), len(kept)) == ([("a", "b")], 1)
    del kept["a", "b"]
    assert not kept


@attrs.define
class Naive:
    """A story played in the simplest way there is: an engine, a dict, and one phone at a time."""

    engine: Engine = attrs.field(factory=lambda: Engine(starter()))
    contacts: dict[str, Contact] = attrs.field(factory=dict)
    now: datetime = NOON
    last: tuple[str, Inbound] | None = None
    texts: int = 0

    def act(self, act: Act) -> list[Said]:
        match act:
            case Wait(length):
                return self.wait(length)
            case Text(text, number, origin, ago):
                self.texts += 1
                inbound = Inbound(text, self.now - ago, f"mo-{self.texts}", origin)
                return self.keep(self.engine.receive(self.contact(number), inbound))
            case Order(Ordered.STOP, _, number):
                inbound = Inbound("STOP", self.now, "", Origin.API)
                return self.keep(self.engine.receive(self.contact(number), inbound))
            case Order(order, keyword, number):
                hears = Hears("SUBSCRIBE" if order == Ordered.RESUBSCRIBE else order)
                told = Instruction(hears, self.now, keyword, order == Ordered.RESUBSCRIBE)
                return self.keep(self.engine.instruct(self.contact(number), told))
        return []

    def contact(self, number: str) -> Contact:
        return self.contacts.get(number or NUMBER, Contact(number or NUMBER, "123456"))

    def keep(self, outcome: Outcome) -> list[Said]:
        self.now += timedelta(seconds=1)
        return self.say(outcome)

    def say(self, outcome: Outcome) -> list[Said]:
        number = outcome.contact.number
        self.contacts[number] = outcome.contact
        return [Said(mt.text, "" if number == NUMBER else number) for mt in outcome.outbound]

    def wait(self, length: timedelta) -> list[Said]:
        self.now += length
        said = list[tuple[datetime, Said]]()
        for number in sorted(self.contacts):
            while (at := self.engine.next_deadline(self.contacts[number])) and at <= self.now:
                outcome = self.engine.tick(self.contacts[number], at)
                said += [(at, one) for one in self.say(outcome)]
        return [one for _, one in sorted(said, key=itemgetter(0))]


@settings(max_examples=80)
@given(stories())
def test_a_story_s_conversation_is_what_the_bare_engine_makes_of_it(story: Story) -> None:
    naive = Naive()
    for one in told(story).performed:
        assert list(one.said) == naive.act(one.turn.act)
    assert story.turns
