"""The service's log: one JSON object a line on standard error, with no number in it.

What the log is told is masked by whoever tells it. The formatter trusts nobody all the same:
whatever looks like an E.164 number is masked, and of an error only its type and the places
it came through are kept, because its message may quote what was sent.
"""

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import msgspec

from optin_engine.transports.masking import masked

LEVEL = logging.INFO

# What a log record has of its own; the rest was added by `extra`.
_OWN = {*vars(logging.makeLogRecord({})), "message", "asctime", "color_message", "facts"}
_NUMBER = re.compile(r"\+[0-9]{5,}")


class JsonLines(logging.Formatter):
    """Writes a log record as one line of JSON.

    >>> record = logging.makeLogRecord({"name": "a", "levelname": "INFO", "created": 0.0,
    ...     "msg": "No route to +15555550123"})
    >>> JsonLines().format(record).partition('"logger":')[2]
    '"a","event":"No route to +*********23"}'

    """

    def format(self, record: logging.LogRecord) -> str:
        """Give the line."""
        added = {name: value for name, value in vars(record).items() if name not in _OWN}
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **added,
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, at = record.exc_info
            line["error"] = kind.__name__
            line["where"] = [f"{f.filename}:{f.lineno}" for f in traceback.extract_tb(at)]
        return _NUMBER.sub(lambda found: masked(found[0]), _json(line))


def begin() -> None:
    """Write what is logged from now on to standard error, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=LEVEL, handlers=[handler], force=True)
    # An INFO of a client library names the URL that it calls, and Twilio's holds the account.
    for library in ("httpx", "httpcore", "uvicorn"):
        logging.getLogger(library).setLevel(logging.WARNING)


def _json(line: object) -> str:
    return msgspec.json.encode(line, enc_hook=str).decode()
