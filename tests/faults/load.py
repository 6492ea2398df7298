"""Random conversations of many numbers, delivered as a carrier does: in order, at least once.

A number says its next text when the one before was answered, so its order is known. What is
not answered, is sent again with the same id and time, by whichever process serves then; and
some MOs are delivered twice, or once more much later, though they were answered.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

import attrs

from optin_engine.harness.fuzzing import known_texts
from optin_engine.service.answer import Answer
from optin_engine.stores import Unavailable
from optin_engine.vocabulary import Inbound, Origin

Send = Callable[[int, str, Inbound], None]
"""Sends an MO: a ticket for its answer, the number, the MO."""

WORDS = (
    (5, ("CLUB", "club please", "Club!")),
    (5, tuple(known_texts.YESES)),
    (3, ("ADULT", "adult!")),
    (3, (*known_texts.AGES, *known_texts.DATES)),
    (3, ("NEWS", "news")),
    (4, tuple(known_texts.STOPS)),
    (1, tuple(known_texts.STARTS)),
    (1, tuple(known_texts.NOES)),
    (1, tuple(known_texts.HELPS)),
    (2, (*known_texts.OTHERS, *known_texts.REACTIONS)),
)
MOSTLY_HANDSET = (Origin.HANDSET,) * 12 + (Origin.WEB, Origin.API)

# Long ago enough that the reminder of LATER, or the expiry of FLASH, is due at once.
SLEEPERS = (("LATER", timedelta(hours=2)), ("FLASH", timedelta(hours=5)))


@attrs.define(eq=False)
class Talk:
    """What one number says, and what each MO was answered first.

    Attributes:
        number: E.164.
        unsaid: texts with their origin, the next one last.
        ago: how much earlier than now its MOs were received.
        sent: in their order; each but the last was answered.
        answers: by the id of the MO.

    """

    number: str
    unsaid: list[tuple[str, Origin]]
    ago: timedelta = timedelta()
    sent: list[Inbound] = attrs.field(factory=list)
    answers: dict[str, Answer] = attrs.field(factory=dict)

    @property
    def unanswered(self) -> Inbound | None:
        """The MO that it still waits for."""
        last = self.sent[-1] if self.sent else None
        return last if last is not None and last.id not in self.answers else None

    def say(self) -> Inbound:
        """Say the next text, later than the one before."""
        text, origin = self.unsaid.pop()
        at = datetime.now(UTC) - self.ago
        if self.sent:
            at = max(at, self.sent[-1].received_at + timedelta(microseconds=1))
        mo = Inbound(text, at, f"{self.number[1:]}-{len(self.sent)}", origin)
        self.sent.append(mo)
        return mo


class Carrier:
    """Delivers what random numbers say.

    Args:
        seed: the same one says the same.
        width: how many numbers talk at a time.
        origins: where their MOs come from.

    Attributes:
        talks: of every number that ever wrote.
        figures: how many MOs were answered, refused, sent again, and repeated on purpose.
        reasons: why any was refused.

    """

    def __init__(
        self, seed: int, width: int = 24, origins: Sequence[Origin] = MOSTLY_HANDSET
    ) -> None:
        self.talks: list[Talk] = []
        self.figures = Counter[str]()
        self.reasons = set[str]()
        self._random = Random(seed)  # noqa: S311 - it draws texts, no secrets.
        self._width = width
        self._origins = origins
        self._tickets = count(1)
        self._in_hand: dict[int, tuple[Talk, Inbound]] = {}
        self._speaking: list[Talk] = []

    @property
    def is_waiting(self) -> bool:
        """Whether any MO has no answer yet."""
        return any(talk.unanswered for talk in self._speaking) or bool(self._in_hand)

    def offer(self, send: Send, *, is_ending: bool = False) -> None:
        """Send all that may be sent now; at the end only what is unanswered."""
        self._speaking = [t for t in self._speaking if t.unsaid or t.unanswered]
        while len(self._speaking) < self._width and not is_ending:
            self._speaking.append(self._begin())
        delivered = {talk.number for talk, _ in self._in_hand.values()}
        for talk in self._speaking:
            if talk.number in delivered:
                continue
            if (mo := talk.unanswered) is not None:
                self.figures["sent again"] += 1
                self._deliver(send, talk, mo)
            elif not is_ending:
                self._deliver(send, talk, talk.say())
                self._repeat(send, talk)

    def take(self, ticket: int, answer: Answer | Exception) -> None:
        """Take an answer, which must be the first one again; or why there is none now."""
        talk, mo = self._in_hand.pop(ticket)
        if isinstance(answer, Unavailable):
            self.figures["refused"] += 1
            self.reasons.add(str(answer))
            return
        if isinstance(answer, Exception):
            raise answer
        if mo.id not in talk.answers:
            self.figures["answered"] += 1
        first = talk.answers.setdefault(mo.id, answer)
        assert answer == first, f"{mo.id} was answered otherwise the first time"

    def hang_up(self) -> None:
        """Expect no answer any more to what was sent."""
        self._in_hand.clear()

    def _deliver(self, send: Send, talk: Talk, mo: Inbound) -> None:
        ticket = next(self._tickets)
        self._in_hand[ticket] = talk, mo
        send(ticket, talk.number, mo)

    def _repeat(self, send: Send, talk: Talk) -> None:
        """Deliver the MO of now, or an old one of any number, once more than needed."""
        lot = self._random.random()
        if lot < 0.08:
            self.figures["repeated"] += 1
            self._deliver(send, talk, talk.sent[-1])
        elif lot < 0.14:
            old = self._random.choice(self.talks)
            if old.answers:
                self.figures["repeated"] += 1
                self._deliver(send, old, self._random.choice(old.sent[: len(old.answers)]))

    def _begin(self) -> Talk:
        number = f"+1212{2_000_000 + len(self.talks)}"
        if self._random.random() < 0.1:
            keyword, ago = self._random.choice(SLEEPERS)
            talk = Talk(number, [(keyword, Origin.HANDSET)], ago)
        else:
            weights, kinds = zip(*WORDS, strict=True)
            drawn = self._random.choices(kinds, weights, k=self._random.randint(3, 12))
            talk = Talk(
                number,
                [(self._random.choice(k), self._random.choice(self._origins)) for k in drawn],
            )
        self.talks.append(talk)
        return talk
