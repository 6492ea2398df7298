"""What came of an act, told as a story tells it: what was said, and where it stands now."""

from collections.abc import Iterator, Sequence

from optin_engine.harness.phone import NUMBER
from optin_engine.harness.stories.story import Act, Order, Refused, Said, Stands, Text, Turn
from optin_engine.outcome import Outcome
from optin_engine.vocabulary import Contact
from optin_engine.wording import shown


def turn_of(act: Act, outcomes: Sequence[Outcome], code: str) -> Turn:
    """Give the turn of an act of which this came.

    Args:
        act: a text or an order, with its one outcome, or what lets time pass.
        outcomes: in the order of time; of time that passed, those of the deadlines in it.
        code: which is texted; where a contact stands on another one a story cannot tell.

    Returns:
        The turn: with every MT, the refusal, and the state of what was acted on; of time that
        passed, each state that changed. A state names its keyword where the contact has
        another programme too.

    >>> from optin_engine.harness import starter
    >>> from optin_engine.harness.phone import Phone
    >>> turn_of(Text("YES"), [Phone(starter()).text("YES")], "123456").stands
    (Stands(state=<State.NONE: 'None'>, keyword='', number='', line=0),)
    """
    said = tuple(
        Said(shown(mt), unusual(outcome.contact.number))
        for outcome in outcomes
        for mt in outcome.outbound
    )
    if isinstance(act, Text | Order):
        (outcome,) = outcomes
        refused = [Refused(outcome.refused)] if outcome.refused else []
        return Turn(act, said, (*refused, stands(outcome.contact, outcome.keyword or "")))
    # The last that is known of a contact is where it stands when the time has passed.
    contacts = {outcome.contact.number: outcome.contact for outcome in _on(code, outcomes)}
    changed = dict.fromkeys(_changed(_on(code, outcomes)))
    return Turn(act, said, tuple(stands(contacts[number], keyword) for number, keyword in changed))


def stands(contact: Contact, keyword: str) -> Stands:
    """Tell where a contact stands in a programme, or (without keyword) at all."""
    number = unusual(contact.number)
    if any(held.keyword != keyword for held in contact.subscriptions) and keyword:
        return Stands(contact.subscription(keyword).state, keyword, number)
    return Stands(contact.summary(), "", number)


def unusual(number: str) -> str:
    """Give a number as a story has it: empty for its usual one.

    >>> unusual(NUMBER), unusual("+15555550199")
    ('', '+15555550199')
    """
    return "" if number == NUMBER else number


def _on(code: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.contact.code == code]


def _changed(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str]]:
    for outcome in outcomes:
        for step in outcome.steps:
            if step.row.source != step.row.target:
                yield outcome.contact.number, step.keyword or ""
