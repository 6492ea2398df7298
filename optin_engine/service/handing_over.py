"""Hands one MT over, in whatever thread: fills its text where HTTPGet has to, then sends it."""

import logging
from collections.abc import Callable
from datetime import datetime
from traceback import extract_tb

import attrs

from optin_engine.outcome import Outbound
from optin_engine.service.outbound.unrendered import ENCODING, unpacked
from optin_engine.service.retries import Dispatching
from optin_engine.stores import Fate, Mt, Settlement, Text
from optin_engine.templating import TemplateError
from optin_engine.templating.evaluation import Fetch
from optin_engine.transports.logs import note
from optin_engine.transports.masking import masked
from optin_engine.transports.transport import Failed, Rejected, Transport
from optin_engine.wording import finished

logger = logging.getLogger(__name__)

# What filling a text took of a lease may leave too little of it for the transport's call.
LATE = "filling the text took long"


@attrs.frozen
class Tried:
    """What came of handing over one MT.

    Attributes:
        mt: it, with the text that it has by now.
        settlement: what to keep of it; None where it was not handed over.
        is_blocked: the provider blocks the contact.

    """

    mt: Mt
    settlement: Settlement | None
    is_blocked: bool = False


def no_fetch(_: str) -> str:
    """Fetch nothing.

    Raises:
        OSError: always.

    """
    message = "HTTPGet is off"
    raise OSError(message)


@attrs.frozen
class HandingOver:
    """Hands MTs over; shared by threads.

    Attributes:
        transport: which sends.
        fetch: gets a URL's text for HTTPGet.
        rules: how often.
        clock: gives the time.
        draw: gives random numbers from 0 to 1, for the waits.

    """

    transport: Transport
    fetch: Fetch
    rules: Dispatching
    clock: Callable[[], datetime]
    draw: Callable[[], float]

    def tried(self, mt: Mt, is_late: Callable[[], bool]) -> Tried:
        """Hand an MT over; never raise.

        A text that HTTPGet fills is kept from then on, whatever comes of the MT, so that it
        reads the same at every attempt. One that cannot be filled is tried again, as one that
        cannot be handed over.

        Args:
            mt: it.
            is_late: tells whether too little of its lease is left.

        """
        if is_late():
            return Tried(mt, None)
        try:
            ready = self._filled(mt)
        except TemplateError as error:
            # It tells the place in the template and what the host answered, and no value.
            return Tried(mt, self._failed(mt, Failed(str(error))))
        except Exception as error:  # noqa: BLE001 - no text may lose an MT, or its thread.
            return Tried(mt, self._broken(mt, error, "text broke"))
        if ready is mt:
            return self._sent(mt)
        said = Text(ready.text, ready.encoding, ready.segments)
        if is_late():
            now = self.clock()
            waiting = Settlement(mt.id, Fate.QUEUED, now, error=LATE, due_at=now, text=said)
            return Tried(ready, waiting)
        tried = self._sent(ready)
        assert tried.settlement is not None  # noqa: S101 - it was handed over.
        return attrs.evolve(tried, settlement=attrs.evolve(tried.settlement, text=said))

    def _filled(self, mt: Mt) -> Mt:
        """Give an MT with its text; Now() is when it was queued, as in any other text."""
        if mt.encoding != ENCODING:
            return mt
        template, context = unpacked(mt.text)
        said = finished(Outbound(mt.kind, template, "", 0, mt.keyword, context), mt.at, self.fetch)
        return attrs.evolve(mt, text=said.text, encoding=said.encoding, segments=said.segments)

    def _sent(self, mt: Mt) -> Tried:
        try:
            provider_id = self.transport.send(mt, f"mt-{mt.id}")
        except Rejected as rejected:
            dead = Settlement(mt.id, Fate.DEAD, self.clock(), error=str(rejected))
            return Tried(mt, dead, rejected.is_blocked)
        except Failed as failed:
            return Tried(mt, self._failed(mt, failed))
        except Exception as error:  # noqa: BLE001 - no transport's fault may lose an MT.
            return Tried(mt, self._broken(mt, error, "transport broke"))
        return Tried(mt, Settlement(mt.id, Fate.SENT, self.clock(), provider_id))

    def _broken(self, mt: Mt, error: Exception, event: str) -> Settlement:
        """Log where something broke; not its message, which may quote the text or the number."""
        kind, where = type(error).__name__, extract_tb(error.__traceback__)[-1]
        place = f"{where.filename}:{where.lineno}"
        note(logger, logging.ERROR, event, error=kind, at=place, **facts(mt))
        return self._failed(mt, Failed(kind))

    def _failed(self, mt: Mt, failed: Failed) -> Settlement:
        now, reason = self.clock(), str(failed)
        if mt.attempts >= self.rules.attempts:
            return Settlement(mt.id, Fate.DEAD, now, error=reason)
        wait = self.rules.wait(mt.attempts, self.draw(), failed.retry_after)
        return Settlement(mt.id, Fate.QUEUED, now, error=reason, due_at=now + wait)


def facts(mt: Mt) -> dict[str, object]:
    """Give what a log may tell of an MT."""
    return {
        "id": mt.id,
        "number": masked(mt.number),
        "code": mt.code,
        "kind": mt.kind,
        "attempts": mt.attempts,
    }
