"""What is done with one MT in hand, in whatever thread: its text is filled, or it is sent."""

import logging
from collections.abc import Callable
from datetime import datetime
from traceback import extract_tb

import attrs

from optin_engine.outcome import Outbound
from optin_engine.service.outbound.unrendered import unpacked
from optin_engine.service.retries import Dispatching
from optin_engine.service.unfetched import FetchRefused
from optin_engine.stores import Fate, Mt, Settlement, Text
from optin_engine.templating import TemplateError
from optin_engine.templating.evaluation import Fetch
from optin_engine.transports.logs import note
from optin_engine.transports.masking import masked
from optin_engine.transports.transport import Failed, Rejected, Transport
from optin_engine.wording import finished

logger = logging.getLogger(__name__)


@attrs.frozen
class Tried:
    """What came of an MT in hand.

    Attributes:
        mt: it.
        settlement: what to keep of it; None where nothing was done with it.
        is_blocked: the provider blocks the contact.

    """

    mt: Mt
    settlement: Settlement | None
    is_blocked: bool = False


@attrs.define
class _Fetching:
    """Fetches for one text, and keeps whether it may be had if it is asked for again."""

    fetch: Fetch
    may_come: bool = False

    def __call__(self, url: str) -> str:
        try:
            return self.fetch(url)
        except FetchRefused:
            raise
        except OSError:
            self.may_come = True
            raise


@attrs.frozen
class HandingOver:
    """Hands MTs over, and fills their texts before; shared by threads. Neither ever raises.

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

    def fill(self, mt: Mt) -> Tried:
        """Make the text of an MT that HTTPGet has to fill, to be kept before it is handed over.

        So it reads the same at every attempt. Now() is when it was queued, as in any other
        text. Where a host did not answer, it is tried again, as what cannot be handed over;
        where the template cannot be filled or may not be fetched for, the MT is dead at once.
        """
        fetching = _Fetching(self.fetch)
        try:
            template, context = unpacked(mt.text)
            unfilled = Outbound(mt.kind, template, "", 0, mt.keyword, context)
            said = finished(unfilled, mt.at, fetching)
        except TemplateError as error:
            # It tells the place in the template and what the host answered, and no value.
            reason = str(error)
            failed = self._failed(mt, Failed(reason)) if fetching.may_come else None
            return Tried(mt, failed or self._dead(mt, reason))
        except Exception as error:  # noqa: BLE001 - no text may lose an MT, or its thread.
            return Tried(mt, self._broken(mt, error, "text broke"))
        text = Text(said.text, said.encoding, said.segments)
        return Tried(mt, Settlement(mt.id, Fate.QUEUED, self.clock(), text=text))

    def send(self, mt: Mt) -> Tried:
        """Hand an MT over to the transport."""
        try:
            provider_id = self.transport.send(mt, f"mt-{mt.id}")
        except Rejected as rejected:
            return Tried(mt, self._dead(mt, str(rejected)), rejected.is_blocked)
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
        reason = str(failed)
        if mt.attempts >= self.rules.attempts:
            return self._dead(mt, reason)
        now, wait = self.clock(), self.rules.wait(mt.attempts, self.draw(), failed.retry_after)
        return Settlement(mt.id, Fate.QUEUED, now, error=reason, due_at=now + wait)

    def _dead(self, mt: Mt, reason: str) -> Settlement:
        return Settlement(mt.id, Fate.DEAD, self.clock(), error=reason)


def facts(mt: Mt) -> dict[str, object]:
    """Give what a log may tell of an MT."""
    return {
        "id": mt.id,
        "number": masked(mt.number),
        "code": mt.code,
        "kind": mt.kind,
        "attempts": mt.attempts,
    }
