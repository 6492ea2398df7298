"""The transport that needs nothing: every MT is one line in the log, without its text."""

import logging

from optin_engine.stores import Mt
from optin_engine.transports.logs import note
from optin_engine.transports.masking import masked

logger = logging.getLogger(__name__)


class LogTransport:
    """Says in the log, at INFO, that an MT would be sent; the default, and for trying out."""

    def send(self, mt: Mt, key: str) -> str:
        """Log an MT; see `Transport.send`."""
        note(
            logger,
            logging.INFO,
            "MT logged",
            id=key,
            code=mt.code,
            number=masked(mt.number),
            kind=mt.kind,
            keyword=mt.keyword,
            encoding=mt.encoding,
            segments=mt.segments,
        )
        return ""

    def close(self) -> None:
        """Do nothing."""
