"""The live process: one gevent loop that all screens talk to, settings from the environment.

    python -m evalsys.wsgi HOST PORT [migrate] [standby]      what `evalsys serve` becomes

One process without a supervisor of its own: whoever kills it has killed it, and the next start
finds its port free. systemd, or `evalsys demo`, starts it again.
"""

from gevent import events, monkey

# gevent asks every installed package for plugins, twenty-five times; none of ours has any.
events.notify_and_call_entry_points = events.notify  # type: ignore[attr-defined]  # of its own use
# Before all else: a library loaded before would block every screen while it waits.
monkey.patch_all()

from evalsys import later  # noqa: E402 - after the patching, as everything below

later.begin()

import gc  # noqa: E402 - after the patching
import logging  # noqa: E402 - after the patching
import signal  # noqa: E402 - after the patching
import socket  # noqa: E402 - after the patching
import sys  # noqa: E402 - after the patching
from functools import partial  # noqa: E402 - after the patching

import gevent  # noqa: E402 - after the patching
from gevent.pywsgi import WSGIServer  # noqa: E402 - after the patching
from sqlalchemy.exc import SQLAlchemyError  # noqa: E402 - after the patching

from evalsys.app import create_app  # noqa: E402 - after the patching
from evalsys.errors import NotLeading  # noqa: E402 - after the patching
from evalsys.realtime.background import background_of  # noqa: E402 - after the patching
from evalsys.request_handler import RequestHandler  # noqa: E402 - after the patching
from evalsys.services.leadership import BEATS_EVERY_S, Leadership  # noqa: E402 - after the patching
from evalsys.serving import in_words, prepared, say_listening  # noqa: E402 - after the patching
from evalsys.web.rooms import rooms_of  # noqa: E402 - after the patching

STOP_WITHIN_S = 3
"""Open websockets are cut after so long; screens reconnect by themselves."""

_log = logging.getLogger("evalsys.server")


def tune_rubbish_collection() -> None:
    """Collect seldom, and never what was there at the start.

    Collecting at the default pace doubles the slowest pushes (live.md, section 5).
    """
    gc.set_threshold(200_000, 100, 100)
    gevent.config.track_greenlet_tree = False  # where each was begun, which nobody asks
    later.end()


def main(host: str, port: int, *, migrate_first: bool, standby: bool) -> None:
    """Serve until SIGTERM or SIGINT; requests in progress get a moment to end.

    A standby is warm, and does not listen before it leads: a proxy finds it by that alone.

    Raises:
        NotLeading: another process took over while this one served.
        InvalidInput: a setting is wrong, or the database has another version's schema.
        OutsideFailure: the database does not answer.
    """
    logging.basicConfig(level=logging.WARNING)
    settings = prepared(migrate_first=migrate_first)
    say_listening(host, port, settings)
    app = create_app(settings, async_mode="gevent")
    leadership = rooms_of(app).leadership
    tune_rubbish_collection()
    if standby:
        later.load(later.AFTERWARDS)
        leadership.stand_by(gevent.sleep)
    else:
        leadership.take()
    background_of(app).start()
    server = WSGIServer((host, port), app, log=None, error_log=_log, handler_class=RequestHandler)
    server.init_socket()
    # Accepted connections inherit it; without it small answers and pushes wait 40 ms for an ACK.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for stop in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(stop, server.stop, STOP_WITHIN_S)
    leading = gevent.spawn(_lead, leadership, server)
    gevent.spawn_later(later.AFTERWARDS_S, _load_the_rest)
    server.serve_forever()
    if leading.ready():
        leading.get()  # why it ended


def _load_the_rest() -> None:
    """Load what was put off, a little at a time: screens are looked after in between."""
    for name in later.AFTERWARDS:
        later.load([name])
        gevent.sleep(0.1)


def _lead(leadership: Leadership, server: WSGIServer) -> None:
    """Show that we live until another process takes over, then serve nobody any more."""
    while True:
        gevent.sleep(BEATS_EVERY_S)
        try:
            leadership.beat()
        except NotLeading:
            server.stop(0)
            raise
        except SQLAlchemyError as error:
            _log.warning("the database does not answer: %s", error)


if __name__ == "__main__":
    options = sys.argv[3:]
    in_words(
        partial(
            main,
            sys.argv[1],
            int(sys.argv[2]),
            migrate_first="migrate" in options,
            standby="standby" in options,
        )
    )
