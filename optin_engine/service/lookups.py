"""Names of hosts, looked up so that nobody has to wait for a lookup that hangs."""

import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future

Resolve = Callable[[str, int], Sequence[str]]
"""Gives the addresses of a host and port, or raises OSError."""


def resolved(host: str, port: int) -> Sequence[str]:
    """Look up a name, as this machine does.

    Raises:
        OSError: it has no address.

    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def begun(resolve: Resolve, host: str, port: int) -> Future[Sequence[str]]:
    """Begin to look up a name, in a thread of its own.

    Nobody can stop a lookup. So the thread is a daemon and of no executor, for whose threads
    the end of the process would wait.

    >>> begun(lambda host, port: [f"{host} at {port}"], "stock.example", 80).result()
    ['stock.example at 80']
    """
    found = Future[Sequence[str]]()
    # From here on whoever waits for it can give up, and cannot cancel it.
    found.set_running_or_notify_cancel()

    def run() -> None:
        try:
            found.set_result(resolve(host, port))
        except Exception as error:  # noqa: BLE001 - it is raised where the result is waited for.
            found.set_exception(error)

    threading.Thread(target=run, name="lookup", daemon=True).start()
    return found
