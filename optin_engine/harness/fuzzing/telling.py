"""A conversation that was judged, as a story: what had to come of each turn."""

from collections.abc import Iterator, Sequence

from optin_engine.harness.fuzzing.judged import Judged, Key, Standing
from optin_engine.harness.rules import Rule
from optin_engine.harness.stories.story import Act, Refused, Said, Stands, Story, To, Turn
from optin_engine.harness.stories.telling import unusual
from optin_engine.vocabulary import State

Told = Sequence[tuple[Act, str, Judged | None]]


def story_of(rule: Rule, told: Told) -> Story:
    """Tell a conversation that breaks a rule, with what must come of each of its turns.

    Args:
        rule: the rule.
        told: each act, the code that is texted then, and what was judged of it, if anything
            was. The last one is what differs.

    """
    turns = [_turn(act, code, judged) for act, code, judged in told]
    _, code, last = told[-1]
    if last is not None:
        turns[-1:] = _last(turns[-1], code, last)
    return Story(f"{rule.id}.story", rule.says, (rule.id,), tuple(turns))


def _turn(act: Act, code: str, judged: Judged | None) -> Turn:
    if judged is None:
        return Turn(act)
    said = tuple(Said(message.text, unusual(message.number)) for message in judged.must.said)
    return Turn(act, said, tuple(_stands(code, judged)))


def _stands(code: str, judged: Judged) -> Iterator[Refused | Stands]:
    """Give where the contact stands; over time, whose standing has changed."""
    if judged.deed.asked is not None and (judged.must.refused or not judged.is_refused):
        yield Refused(judged.must.refused or "")
    for (there, number), standing in judged.after.items():
        before = judged.before[there, number]
        for keyword in _telling(standing) if there == code else ():
            if judged.deed.number or before[keyword] != standing[keyword]:
                yield _standing((there, number, keyword), judged)


def _telling(standing: Standing) -> Sequence[str]:
    """Give whose state is worth a line: of one programme alone it is the contact's own."""
    states = {keyword: state for keyword, state in standing.items() if keyword}
    moved = [keyword for keyword, state in states.items() if state != State.NONE]
    several = len(moved) > 1 and len(set(states.values())) > 1
    return moved if several else [""]


def _last(turn: Turn, code: str, judged: Judged) -> list[Turn]:
    """Show at the last turn who stands where they must not, on another code if need be."""
    here = [key for key in judged.astray if key[0] == code]
    shown = {s.keyword for s in turn.stands if isinstance(s, Stands)}
    # Where the line of the contact already differs, that of its programme tells nothing more.
    is_shown = bool(shown.intersection(key[2] for key in here))
    more = () if is_shown else [_standing(key, judged) for key in here]
    turns = [Turn(turn.act, turn.said, (*turn.stands, *more))]
    for there in dict.fromkeys(key[0] for key in judged.astray if key[0] != code):
        stands = [_standing(key, judged) for key in judged.astray if key[0] == there]
        turns.append(Turn(To(there), (), tuple(stands)))
    return turns


def _standing(key: Key, judged: Judged) -> Stands:
    code, number, keyword = key
    return Stands(str(judged.after[code, number][keyword]), keyword, unusual(number))
