"""The laws of the copy lint: what is missing is missed, and any text whatever is judged."""

from typing import Any

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st

from optin_engine.account import Account
from optin_engine.lint import RULES, lint
from optin_engine.program import Code, Program
from optin_engine.vocabulary import OptInType
from tests.clean_copy import ALL_PROVIDERS, ASK, CLEAN, CODE, DONE

PARTS = {
    "brand": "Acme.",
    "content": "Deals.",
    "answer": "Reply Y.",
    "frequency": "4 msgs/month.",
    "rates": "Msg & data rates may apply.",
    "help": "Reply HELP.",
    "stop": "Reply STOP.",
}
FILLER = st.lists(st.sampled_from(["Hello.", "Thanks!", "Nice to see you.", "Ok?"]), max_size=3)


@given(st.sets(st.sampled_from(sorted(PARTS))), FILLER, st.randoms(use_true_random=False))
def test_exactly_what_is_left_out_is_missed(told: set[str], filler: list[str], chance: Any) -> None:
    sentences = [*(PARTS[part] for part in told), *filler, "Hi."]
    chance.shuffle(sentences)
    texts = dict.fromkeys((ASK, DONE), " ".join(sentences))
    asked = {f"prompt-{part}" for part in PARTS.keys() - told}
    done = {f"confirm-{part}" for part in PARTS.keys() - told - {"answer"}}
    code = CLEAN["code"] | {"startMessage": None}
    judged = lint(Account.of([code], [CLEAN["Double"] | texts]))
    assert {finding.rule for finding in judged} == asked | done


TEXTS = st.text() | st.lists(
    st.sampled_from(["Reply", "text", "YES", "or", '"', "'", "within 3", "days", "21+", "bit.ly/",
                     "age", "STOP", "a@b.c", "\u2026", "\ud800", "wine", "%%x%%", "+1555", "I"]),
    max_size=30,
).map(" ".join)  # fmt: skip

SAID = ("response", "initial", "confirmation", "birth_date", "invalid_age", "duplicate", "error")


@st.composite
def whatever(draw: st.DrawFn) -> Account:
    several = draw(st.lists(TEXTS, min_size=3, max_size=3))
    texts: dict[str, Any] = dict(zip(SAID, several * len(SAID), strict=False))
    texts |= {"valid_responses": tuple(several[1:]), "messages": {several[0]: several[1]}}
    programs = tuple(
        Program(several[2], CODE, opt_in_type.upper(), opt_in_type, **texts)
        for opt_in_type in OptInType
    )
    said: dict[str, Any] = dict(zip(("help", "stop", "default"), several, strict=True))
    country, brand = draw(st.sampled_from(["US", "", "DE"])), draw(TEXTS)
    return Account({CODE: Code(CODE, country, brand=brand, programs=programs, **said)})


@settings(max_examples=60)
@given(whatever())
def test_any_texts_whatever_are_judged_and_always_alike(judged: Account) -> None:
    first = lint(judged, ALL_PROVIDERS)
    again = attrs.evolve(judged, codes={d: attrs.evolve(c) for d, c in judged.codes.items()})
    assert lint(again, ALL_PROVIDERS) == first
    assert {finding.rule for finding in first} <= {rule.id for rule in RULES}
    assert all(finding.message and finding.field for finding in first)
