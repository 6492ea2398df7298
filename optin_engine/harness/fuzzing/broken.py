"""Which rule of SPEC a difference breaks: two tables, in each the first row that fits.

The first is for a text that was taken for something else than it is, where the target tells
what it took it for; the second for what came of it. Of a law that a difference breaks besides,
`invariants` says the rule.
"""

from collections.abc import Callable

import attrs

from optin_engine.harness.fuzzing import known_texts
from optin_engine.harness.fuzzing.judged import Judged
from optin_engine.harness.stories.story import Order, Ordered
from optin_engine.program import Program
from optin_engine.vocabulary import (
    Hears,
    Inbound,
    OptInType,
    Origin,
    Reading,
    Refusal,
    State,
    Verdict,
)

# Whoever takes one of these texts for something else breaks this rule.
RULE_OF_TEXT = {
    **known_texts.STOPS,
    **known_texts.HELPS,
    **known_texts.STARTS,
    **known_texts.REACTIONS,
    **known_texts.NOES,
    **known_texts.OTHERS,
    **dict.fromkeys(known_texts.YESES, "yes-any-writing"),
    **dict.fromkeys(known_texts.AGES, "bare-age"),
    **dict.fromkeys(known_texts.DATES, "birth-date-writing"),
    "my birthday is July 4 1980": "birth-date-words",
    "5 June 2020": "birth-date-words",
    "25.12.1999": "birth-date-order",
    "3/4/12": "birth-date-doubt",
}
ANSWERS = (Hears.YES, Hears.NO, Hears.BIRTH_DATE, Hears.OTHER)
SUBSCRIBES = (Ordered.SUBSCRIBE, Ordered.RESUBSCRIBE)


@attrs.frozen
class Case:
    """A difference, as the tables below look at it."""

    judged: Judged

    @property
    def text(self) -> str:
        """What was texted."""
        asked = self.judged.deed.asked
        return asked.text if isinstance(asked, Inbound) else ""

    @property
    def elsewhere(self) -> bool:
        """Whether it came from a web form, an app or an API."""
        asked = self.judged.deed.asked
        return isinstance(asked, Inbound) and asked.origin != Origin.HANDSET

    @property
    def ordered(self) -> Ordered | None:
        """What an agent ordered."""
        asked = self.judged.deed.asked
        return asked.order if isinstance(asked, Order) else None

    @property
    def reading(self) -> Reading:
        """What it is."""
        return (*self.judged.must.readings, Reading(Hears.EXPIRE, ""))[0]

    @property
    def heard(self) -> Hears | None:
        """What it is; None where time passed, or where it is stale."""
        return self.judged.must.readings[0].hears if self.judged.must.readings else None

    @property
    def taken(self) -> Reading | None:
        """What the target took it for, if it tells."""
        told = self.judged.came.readings
        return told[-1] if told and self.heard and not self.judged.deed.is_retry else None

    @property
    def is_misread(self) -> bool:
        """Whether the target took a text for something else than it is."""
        taken, reading = self.taken, self.reading
        if taken is None or not self.text:
            return False
        return taken.hears != reading.hears or taken.verdict != reading.verdict

    @property
    def refused(self) -> str | None:
        """Why it had to be refused."""
        return self.judged.must.refused

    @property
    def speaks(self) -> bool:
        """Whether something had to be said."""
        return bool(self.judged.must.said)

    @property
    def keyword(self) -> str:
        """Which programme it is for."""
        return self.reading.keyword

    def state(self, keyword: str = "") -> str | None:
        """Give where a programme stood before; without keyword the contact."""
        deed = self.judged.deed
        return self.judged.before.get((deed.code, deed.number), {}).get(keyword)

    @property
    def was(self) -> str | None:
        """Where the programme stood that it is for."""
        return self.state(self.keyword)

    @property
    def program(self) -> Program | None:
        """The programme that it is for."""
        code = self.judged.account.codes.get(self.judged.deed.code)
        programs = code.programs if code else ()
        return next((p for p in programs if p.keyword == self.keyword), None)

    def is_of(self, *types: OptInType) -> bool:
        """Tell whether the programme is of one of these types."""
        return self.program is not None and self.program.opt_in_type in types

    def says(self, attribute: str) -> bool:
        """Tell whether a certain text of the programme had to be said."""
        texts = [message.text for message in self.judged.must.said]
        return bool(texts) and texts[0] == getattr(self.program, attribute, None)

    @property
    def is_astray(self) -> bool:
        """Whether anybody stands where they must not."""
        return bool(self.judged.astray)

    @property
    def was_passed_over(self) -> bool:
        """Whether a target that tells nothing of itself had no answer."""
        came = self.judged.came
        return not came.said and not came.readings and not self.is_astray

    @property
    def others_astray(self) -> bool:
        """Whether only another programme of the contact stands where it must not."""
        keywords = {keyword for _, _, keyword in self.judged.astray if keyword}
        return bool(keywords) and self.keyword not in keywords

    @property
    def elsewhere_astray(self) -> bool:
        """Whether somebody stands where they must not on another code."""
        deed = self.judged.deed
        return bool(deed.code) and any(code != deed.code for code, *_ in self.judged.astray)

    @property
    def expired(self) -> bool:
        """Whether an answer came too late: a question was open, and is not any more."""
        after = self.judged.after
        return self.heard not in (Hears.NO, Hears.STOP, Hears.DEACTIVATE) and any(
            state == State.IN_PROGRESS and after[who][keyword] == State.NONE
            for who, standing in self.judged.before.items()
            for keyword, state in standing.items()
        )

    @property
    def expired_early(self) -> bool:
        """Whether a question that is open is none any more at the target."""
        judged = self.judged
        return any(
            judged.after[code, number][keyword] == State.IN_PROGRESS
            and judged.found[code, number][keyword] == State.NONE
            for code, number, keyword in judged.astray
        )

    @property
    def stopped(self) -> bool:
        """Whether somebody is told something who is out."""
        return any(
            number == message.number and standing[""] == State.UNSUBSCRIBED
            for message in self.judged.came.said
            for (_, number), standing in self.judged.before.items()
        )


Rows = tuple[tuple[str, Callable[[Case], bool]], ...]

# fmt: off
MISREAD: Rows = (
    # rule                  what was taken for something else
    ("expiry",              lambda it: it.expired),
    ("birth-date-doubt",    lambda it: it.reading.verdict == Verdict.AMBIGUOUS),
    ("birthday",            lambda it: it.text[:4].isdigit() and it.text[4:5] == "-" and it.heard == Hears.BIRTH_DATE),
    ("keyword-dates",       lambda it: it.taken is not None and it.taken.hears == Hears.JOIN and it.text not in RULE_OF_TEXT),
    ("keyword",             lambda it: it.heard == Hears.JOIN),
    ("pending-kept",        lambda it: it.heard in ANSWERS and it.taken is not None and it.taken.hears == Hears.UNMATCHED),
    ("no-resurrection",     lambda it: it.heard == Hears.UNMATCHED and it.text in known_texts.YESES),
    ("valid-responses",     lambda it: it.heard == Hears.OTHER and it.text in known_texts.YESES),
    ("yes-any-writing",     lambda it: it.heard == Hears.YES),
    ("bare-age",            lambda it: it.text.isdigit()),
)

CAME: Rows = (
    # rule                  what had to come
    ("own-code",            lambda it: it.elsewhere_astray),
    ("retry",               lambda it: it.judged.deed.is_retry),
    ("stale",               lambda it: it.refused == Refusal.STALE),
    ("confirmed-by-handset", lambda it: it.refused == Refusal.HANDSET_ONLY and it.heard in (Hears.YES, Hears.BIRTH_DATE)),
    ("handset-only",        lambda it: it.refused == Refusal.HANDSET_ONLY),
    ("silent-after-stop",   lambda it: it.judged.deed.asked is None and it.stopped),
    ("expiry",              lambda it: it.expired or it.expired_early),
    ("reminder",            lambda it: it.judged.deed.asked is None),
    ("one-mt",              lambda it: it.ordered is None and len(it.judged.came.said) > 1),
    # orders
    ("deactivate",          lambda it: it.ordered == Ordered.DEACTIVATE),
    ("order-unsubscribe",   lambda it: it.ordered == Ordered.UNSUBSCRIBE),
    ("text-elsewhere",      lambda it: it.heard == Hears.JOIN and it.is_of(OptInType.TEXT) and it.elsewhere),
    ("own-handset",         lambda it: it.refused == Refusal.OPTED_OUT),
    ("order-age",           lambda it: it.ordered in SUBSCRIBES and it.is_of(OptInType.AGE) and it.was != State.IN_PROGRESS),
    ("text-response",       lambda it: it.ordered in SUBSCRIBES and it.is_of(OptInType.TEXT)),
    ("order-subscribe",     lambda it: it.ordered in SUBSCRIBES),
    # texts to everybody
    ("stop-ends-all",       lambda it: it.heard == Hears.STOP and it.is_astray),
    ("never-subscribed",    lambda it: it.heard == Hears.STOP and it.state() == State.NONE),
    ("stop-message",        lambda it: it.heard == Hears.STOP),
    ("help",                lambda it: it.heard == Hears.HELP),
    ("reaction",            lambda it: it.heard == Hears.REACTION),
    ("start",               lambda it: it.heard == Hears.START),
    ("no-resurrection",     lambda it: it.heard == Hears.UNMATCHED and it.state() == State.UNSUBSCRIBED and (it.is_astray or not it.speaks)),
    ("unmatched",           lambda it: it.heard == Hears.UNMATCHED),
    # the keyword
    ("second-keyword",      lambda it: it.heard == Hears.JOIN and it.others_astray),
    ("text-after-stop",     lambda it: it.heard == Hears.JOIN and it.is_of(OptInType.TEXT) and it.was == State.UNSUBSCRIBED),
    ("text-response",       lambda it: it.heard == Hears.JOIN and it.is_of(OptInType.TEXT)),
    ("duplicate",           lambda it: it.heard == Hears.JOIN and it.was == State.SUBSCRIBED),
    ("age-lock",            lambda it: it.heard == Hears.JOIN and it.says("invalid_age")),
    ("age-cooled-down",     lambda it: it.heard == Hears.JOIN and it.was == State.DECLINED),
    ("join-again",          lambda it: it.heard == Hears.JOIN and it.was == State.IN_PROGRESS and it.speaks),
    ("attempts",            lambda it: it.heard == Hears.JOIN and it.was == State.IN_PROGRESS),
    ("single-elsewhere",    lambda it: it.heard == Hears.JOIN and it.is_of(OptInType.SINGLE) and it.elsewhere),
    ("single-join",         lambda it: it.heard == Hears.JOIN and it.is_of(OptInType.SINGLE)),
    ("double-elsewhere",    lambda it: it.heard == Hears.JOIN and it.elsewhere),
    ("double-join",         lambda it: it.heard == Hears.JOIN),
    # answers
    ("asked-last",          lambda it: it.others_astray),
    ("pending-kept",        lambda it: it.heard in ANSWERS and it.speaks and it.was_passed_over),
    ("pending-kept",        lambda it: it.heard == Hears.OTHER and it.is_astray),
    ("attempts",            lambda it: it.heard in ANSWERS and not it.speaks and it.heard != Hears.NO and it.is_of(OptInType.DOUBLE, OptInType.AGE)),
    ("age-asks",            lambda it: it.heard == Hears.YES and it.is_of(OptInType.AGE)),
    ("double-yes",          lambda it: it.heard == Hears.YES),
    ("no",                  lambda it: it.heard == Hears.NO),
    ("age-passes",          lambda it: it.reading.verdict == Verdict.OLD_ENOUGH),
    ("age-refuses",         lambda it: it.reading.verdict == Verdict.TOO_YOUNG),
    ("birth-date-doubt",    lambda it: it.heard == Hears.BIRTH_DATE),
    ("other",               lambda it: it.judged.differs),
)
# fmt: on


def rule_of(judged: Judged) -> str:
    """Give the id of the rule (`harness.rules`) that a difference breaks."""
    case = Case(judged)
    if judged.crash:
        return "bounded"
    if case.is_misread:
        listed = RULE_OF_TEXT.get(case.text, "other")
        return next((rule for rule, fits in MISREAD if fits(case)), listed)
    is_lawless = judged.law is not None and judged.is_said and not judged.astray
    if is_lawless and judged.law is not None:
        return judged.law.rule
    return next(rule for rule, fits in CAME if fits(case))
