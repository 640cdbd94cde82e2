"""The web process: whatever takes long, on real threads, away from the screens.

    python -m evalsys.wsgi_web HOST PORT      what `evalsys web` becomes

The same application, nothing patched. A gevent loop takes the requests in and hands out the
answers; each request is worked on by a thread. What it records reaches the screens over the
database (`evalsys.store.notices`).
"""

from evalsys import later

later.begin()

import logging  # noqa: E402 - after the beginning, as everything below
import signal  # noqa: E402 - after the beginning
import socket  # noqa: E402 - after the beginning
import sys  # noqa: E402 - after the beginning
from collections.abc import Callable, Iterable  # noqa: E402 - after the beginning
from functools import partial  # noqa: E402 - after the beginning
from io import BytesIO  # noqa: E402 - after the beginning
from wsgiref.types import (  # noqa: E402 - after the beginning
    StartResponse,
    WSGIApplication,
    WSGIEnvironment,
)

import gevent  # noqa: E402 - after the beginning
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the beginning
from gevent.threadpool import ThreadPool  # noqa: E402 - after the beginning

from evalsys.app import create_app  # noqa: E402 - after the beginning
from evalsys.request_handler import RequestHandler  # noqa: E402 - after the beginning
from evalsys.services.tally import Elsewhere  # noqa: E402 - after the beginning
from evalsys.serving import in_words, prepared, say_listening  # noqa: E402 - after the beginning

AT_ONCE = 16
"""Requests that are worked on at the same time; further ones wait their turn."""
STOP_WITHIN_S = 10

_log = logging.getLogger("evalsys.web")
_Answer = tuple[str, list[tuple[str, str]], list[bytes]]


class InThreads:
    """A WSGI application whose requests are answered whole, each by a thread of a pool."""

    def __init__(self, app: WSGIApplication, pool: ThreadPool) -> None:
        self._app = app
        self._pool = pool

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Read the request here, where a slow sender holds nobody up; answer it in a thread."""
        environ["wsgi.input"] = BytesIO(environ["wsgi.input"].read())
        status, headers, body = self._pool.apply(self._answer, (environ,))
        start_response(status, headers)
        return body

    def _answer(self, environ: WSGIEnvironment) -> _Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []
        body: list[bytes] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], _failed: object = None, /
        ) -> Callable[[bytes], object]:
            started.append((status, headers))
            return body.append

        parts = self._app(environ, start_response)
        try:
            body.extend(parts)
        finally:
            getattr(parts, "close", lambda: None)()
        status, headers = started[-1]
        return status, headers, body


def main(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in progress get a moment to end."""
    logging.basicConfig(level=logging.WARNING)
    settings = prepared()
    say_listening(host, port, settings)
    app = create_app(settings, elsewhere=Elsewhere())
    later.end()
    threaded = InThreads(app.wsgi_app, ThreadPool(AT_ONCE))
    server = WSGIServer(
        (host, port), threaded, log=None, error_log=_log, handler_class=RequestHandler
    )
    server.init_socket()
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for stop in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(stop, server.stop, STOP_WITHIN_S)
    gevent.spawn_later(later.AFTERWARDS_S, later.load, later.AFTERWARDS)
    server.serve_forever()


if __name__ == "__main__":
    in_words(partial(main, sys.argv[1], int(sys.argv[2])))
