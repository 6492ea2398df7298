"""Who may call `serve --dev`, where most calls need no token: programs of this machine.

That it listens to this machine only does not keep web pages out. A browser here opens them, and
what they run calls where it likes: by a name of its own that was made to lead here (DNS
rebinding), and then it reads the answer, too; or without reading it, as a form does. The browser
tells both: the first by the header `Host`, the second by `Origin`.
"""

import re
from collections.abc import Mapping

from optin_engine.web.envelopes import FORBIDDEN

LOOPBACK = ("127.0.0.1", "localhost", "::1")

NOT_LOCAL = "With --dev only this machine may call, at localhost, and no web page from elsewhere."

_LOCAL = re.compile(rb"(https?://)?(127\.0\.0\.1|localhost|\[::1\])(:[0-9]+)?", re.IGNORECASE)


def judge_caller(headers: Mapping[bytes, bytes]) -> None:
    """Refuse a request that a web page from elsewhere made.

    Args:
        headers: the request's, by lower-case name. A program may leave out both that count.

    Raises:
        Refused: 403.

    >>> judge_caller({b"host": b"127.0.0.1:8080", b"origin": b"http://localhost:8080"})
    """
    given = (headers[name] for name in (b"host", b"origin") if name in headers)
    if not all(map(_LOCAL.fullmatch, given)):
        raise FORBIDDEN.refused(NOT_LOCAL)
