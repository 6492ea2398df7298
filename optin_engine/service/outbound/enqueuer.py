"""Deals with the members of sends, a page at a time, for as many processes as there are.

The store keeps each page with its place in the send, so that nobody is told twice or passed
over whoever is killed when; several enqueuers that turn to the same send take its pages in turn.
"""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from optin_engine.service.outbound.rendering import Rendering
from optin_engine.stores import Send, Store, StoreError, Unavailable
from optin_engine.templating import TemplateError
from optin_engine.transports.logs import note

logger = logging.getLogger(__name__)

# The contacts of a page are locked together, and a STOP of one of them waits as long.
PAGE = 1_000


class Enqueuer:
    """Queues the MTs of sends; one thread steps it, and any may wake it.

    Args:
        store: which has the sends; the caller closes it.
        now: gives the time.
        page: so many members are dealt with in one transaction.

    """

    def __init__(self, store: Store, now: Callable[[], datetime], page: int = PAGE) -> None:
        self._store, self._now, self._page = store, now, page
        self._woken = threading.Event()
        self._stuck: set[int] = set()

    def step(self) -> int:
        """Deal with a page of each send that waits, and finish those that are handed over.

        One that cannot be dealt with, such as to a damaged list, holds up no other; it waits as
        it is, and the log says once why.

        Returns:
            How many sends were dealt with; 0: none waits that can be.

        Raises:
            Unavailable: the store cannot be reached now; step again later.

        """
        waiting = self._store.sends.waiting(self._now())
        count = sum(self._can_deal_with(send) for send in waiting)
        self._store.sends.finish(self._now())
        return count

    def idle(self, seconds: float) -> None:
        """Wait until woken, but no longer."""
        self._woken.wait(seconds)
        self._woken.clear()

    def wake(self) -> None:
        """Let what waits, or the next `idle`, go on at once; from any thread."""
        self._woken.set()

    def _can_deal_with(self, send: Send) -> bool:
        """Deal with a page of a send; tell whether that could be done."""
        try:
            self._deal_with(send)
        except Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - one send's fault is no other's.
            if send.id not in self._stuck:
                # A store says what to mend; what else is said may be of the text or a member.
                why = str(error) if isinstance(error, StoreError) else type(error).__name__
                note(logger, logging.ERROR, "send stuck", send=send.id, error=why)
            self._stuck.add(send.id)
            return False
        self._stuck.discard(send.id)
        return True

    def _deal_with(self, send: Send) -> None:
        if not send.is_template:
            self._store.sends.enqueue(send.id, self._page, self._now())
            return
        try:
            rendering = Rendering(send, self._now())
            self._try(send, rendering)
        except TemplateError as error:
            why = f"The text cannot be rendered: {error}"
            self._store.sends.cancel(send.id, self._now(), self._page, why)
            return
        self._store.sends.enqueue(send.id, self._page, self._now(), rendering)
        for (line, column), members in rendering.failures.items():
            # What the template says stays out of the log, and so does whom it is said to.
            facts = {"send": send.id, "members": members, "line": line, "column": column}
            note(logger, logging.WARNING, "text not rendered", **facts)

    def _try(self, send: Send, rendering: Rendering) -> None:
        """Try the template on the next members, until one of them can be told.

        Once anybody was told, an error is that of single members, and so it is where the next
        ones can be told. One that they all have is the template's own. It is found before
        anybody is dealt with, so that a send of which nobody can be told anything ends as an
        error even where this process is killed halfway.

        Raises:
            TemplateError: none of them can be told.

        """
        if send.queued:
            return
        failure = None
        for list_ in send.targets:
            for member in self._store.lists.members(list_, send.cursor, self._page):
                try:
                    rendering.text(member)
                except TemplateError as error:
                    failure = failure or error
                else:
                    return
        if failure is not None:
            raise failure
