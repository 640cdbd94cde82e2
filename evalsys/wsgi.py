"""The application in its server: one gevent process, settings from the environment.

    python -m evalsys.wsgi HOST PORT      what `evalsys serve` becomes
    evalsys.wsgi:app                      for another WSGI server with gevent workers

One process without a supervisor of its own: whoever kills it has killed it, and the next start
finds its port free. systemd, or `evalsys demo`, starts it again.
"""

from gevent import monkey

# First of all: a library loaded before would block every screen while it waits.
monkey.patch_all()

import gc  # noqa: E402 - after the patching, as everything below
import logging  # noqa: E402 - after the patching
import os  # noqa: E402 - after the patching
import signal  # noqa: E402 - after the patching
import socket  # noqa: E402 - after the patching
import sys  # noqa: E402 - after the patching

import gevent  # noqa: E402 - after the patching
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching

from evalsys.app import create_app, start_background  # noqa: E402 - after the patching
from evalsys.settings import read_settings, refuse_tally_key  # noqa: E402 - after the patching

STOP_WITHIN_S = 3
"""Open websockets are cut after so long; screens reconnect by themselves."""

refuse_tally_key(os.environ)
app = create_app(read_settings(os.environ), async_mode="gevent")
start_background(app)
gc.collect()
gc.freeze()
# Collecting at the default pace doubles the slowest pushes (live.md, section 5).
gc.set_threshold(200_000, 100, 100)


def main(host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT; requests in progress get a moment to end."""
    logging.basicConfig(level=logging.WARNING)
    server = WSGIServer((host, port), app, log=None, error_log=logging.getLogger("evalsys.server"))
    server.init_socket()
    # Accepted connections inherit it; without it small answers and pushes wait 40 ms for an ACK.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for stop in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(stop, server.stop, STOP_WITHIN_S)
    server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
