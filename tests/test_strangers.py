"""What people who never heard of us text, to a contact that is asked for a YES.

The texts are composed, not collected: every beginning with every middle and every end, as
people write to friends. Words that mean something to us stand where they mean nothing.
"""

from itertools import product

from optin_engine.vocabulary import Hears
from tests.test_reading import reading

BEGINNINGS = (
    "are you coming tonight", "i was at the bus stop", "mum says yes to the trip",
    "we never stop laughing", "did you get my text", "yes but not before nine",
    "what time is the end of the match", "cant talk now", "the weekend was great",
    "lol that was nonstop", "i think we should cancel dinner", "no idea what you mean",
    "happy birthday!!", "y u no answer", "my battery is about to quit",
    "yesterday was fun", "haha ok then", "im on my way",
)  # fmt: skip
MIDDLES = (
    "", " and dont stop me now", " cos the train will stop there", " so bring the info",
    " or shall i start without you", " because he said no", " with y and z",
    " unless they remove the road works", " lets join the others", " in the end",
    " thanks to you", " and help her with that", " till 10.30", " on 12/05", " for 25 quid",
    " yes really", " n stuff", " at number 7",
)  # fmt: skip
ENDS = (
    "", "?", "!!", "...", " :)", " \U0001f602", " xx", " please", " thanks", " ok?",
    " call me", " see u", " love you", " lol", " idk", " brb",
)  # fmt: skip

TEXTS = ["".join(parts) for parts in product(BEGINNINGS, MIDDLES, ENDS)]


def test_five_thousand_texts_of_strangers_are_neither_consent_nor_an_opt_out() -> None:
    read_as = [reading(text).hears for text in TEXTS]
    assert len(TEXTS) > 5_000
    assert read_as.count(Hears.YES) == 0
    assert read_as.count(Hears.STOP) <= 0.002 * len(TEXTS)
    assert set(read_as) <= {Hears.OTHER, Hears.STOP}


def test_the_same_texts_start_and_ask_nothing_where_nobody_waits() -> None:
    assert {reading(text, "idle").hears for text in TEXTS} <= {Hears.UNMATCHED, Hears.STOP}
