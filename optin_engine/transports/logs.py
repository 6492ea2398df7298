"""Structured log lines: an event, and its facts as `name=value`, in the message itself.

The facts are also the record's attribute `facts`, for a formatter that writes JSON. Whoever
calls gives neither texts nor secrets, and numbers only `masked`.
"""

import logging


def note(logger: logging.Logger, level: int, event: str, **facts: object) -> None:
    """Log one event.

    Args:
        logger: whose.
        level: of `logging`.
        event: what happened, in a few words that never change.
        facts: the rest, each under its name; what is empty or None is left out.

    >>> import sys
    >>> logger = logging.Logger("example")
    >>> logger.addHandler(logging.StreamHandler(sys.stdout))
    >>> note(logger, logging.INFO, "MT sent", id=7, number="+*********23", keyword="")
    MT sent id=7 number=+*********23
    """
    told = {name: fact for name, fact in facts.items() if fact not in (None, "")}
    line = " ".join([event, *(f"{name}={fact}" for name, fact in told.items())])
    logger.log(level, "%s", line, extra={"event": event, "facts": told})
