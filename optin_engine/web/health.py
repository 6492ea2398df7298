"""`GET /healthz`: the process is alive. `GET /readyz`: its store answers, so it can serve.

Neither needs a token, and neither tells more than that: why a store is out of reach stays
in the log.
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from optin_engine.stores import StoreError
from optin_engine.web.call import Answered, Asked, Call
from optin_engine.web.envelopes import UNAVAILABLE
from optin_engine.web.schemas import table

PATIENCE = 2.0
"""Seconds that the store has to answer a health check or a scrape."""

# A store that hangs is asked once, however often the question comes: each would hold a
# thread that the service needs.
_asking: dict[Callable[[], Any], asyncio.Task[Any]] = {}


async def healthz(_: Asked) -> Answered:
    """Tell that the process is alive."""
    return Answered(200, {"status": "ok"})


async def readyz(asked: Asked) -> Answered:
    """Tell that the store answers.

    Raises:
        Refused: 503; it does not, or not in time.

    """
    try:
        await promptly(asked.service.service.store.ping)
    except TimeoutError:
        reason = f"The store does not answer within {PATIENCE:g} seconds."
    except StoreError:
        # Anybody may ask, so the store's own words, which name its place, are not told.
        reason = "The store cannot be reached, or another version has migrated it."
    else:
        return Answered(200, {"status": "ok"})
    raise UNAVAILABLE.refused(reason, headers={"Retry-After": "1"})


async def promptly(ask: Callable[[], Any]) -> Any:
    """Give what a store answers, asked in a thread.

    Args:
        ask: a method of the store, without arguments.

    Raises:
        TimeoutError: not within `PATIENCE`.
        StoreError: the store cannot answer.

    """
    asking = _asking.get(ask)
    if asking is None:
        asking = _asking[ask] = asyncio.create_task(asyncio.to_thread(ask))
        asking.add_done_callback(partial(_answered, ask))
    return await asyncio.wait_for(asyncio.shield(asking), PATIENCE)


def _answered(ask: Callable[[], Any], asking: asyncio.Task[Any]) -> None:
    """Forget a question; its error was told to who waited, and may come after they left."""
    del _asking[ask]
    if not asking.cancelled():
        asking.exception()


_OK = table({"status": {"const": "ok"}})

CALLS = (
    Call("GET", "/healthz", None, healthz, "Tell whether the process is alive", None, {200: _OK}),
    Call("GET", "/readyz", None, readyz, "Tell whether the store answers", None, {200: _OK}),
)
