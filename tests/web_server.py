"""An application on a real server: uvicorn, in a thread, on a free port of the loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any

import attrs
import uvicorn

# More than a test waits for anything here; nothing needs a second.
PATIENCE_SECONDS = 60


@attrs.frozen
class Reply:
    """What came back: the status, the media type, and the body."""

    status: int
    media_type: str
    body: bytes


@attrs.frozen
class Served:
    """An application that listens at a port of 127.0.0.1."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def send(self, request: bytes, method: str = "POST", *, is_cut: bool = False) -> Reply | None:
        """Send bytes as they are; give the answer, None where there is none.

        Args:
            request: with whatever is wrong in it.
            method: a HEAD is answered without a body.
            is_cut: nothing more will come, though the server waits for it.

        """
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as connection:
            try:
                connection.sendall(request)
                if is_cut:
                    connection.shutdown(socket.SHUT_WR)
                with closing(HTTPResponse(connection, method=method)) as response:
                    response.begin()
                    media_type = response.headers.get_content_type()
                    return Reply(response.status, media_type, response.read())
            except (HTTPException, ConnectionError):
                return None


@contextmanager
def serving(app: Any, http: str = "httptools") -> Iterator[Served]:
    """Serve until the block ends.

    Args:
        app: an ASGI application.
        http: which of uvicorn's two readers of HTTP, `httptools` or `h11`.

    """
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        # It listens before the server runs, so nobody needs to wait until it does.
        listening.listen(128)
        config = uvicorn.Config(app, http=http, ws="none", lifespan="on", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield Served(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
