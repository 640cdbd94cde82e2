"""The exchange as a server: puts the parts together, serves them, stops in good order."""

import fcntl
import gc
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask, Response, jsonify, request
from gevent import config, signal_handler
from gevent.pywsgi import WSGIHandler, WSGIServer
from werkzeug.exceptions import HTTPException

from evalsys.exchange.dialects import DIALECTS, Mounted
from evalsys.exchange.faulty_api import FaultyApi
from evalsys.exchange.machine import Machine, Options
from evalsys.exchange.wire import Refusal, not_found

_LARGEST_REQUEST = 8 << 20
_STOP_SECONDS = 2.0

_log = logging.getLogger(__name__)


class CannotServe(Exception):  # noqa: N818 - says what it is
    """The exchange cannot start here; the message says why and what to do."""


def serve(
    options: Options,
    now: Callable[[], datetime],
    ready: Callable[[str], object],
    handler: type[WSGIHandler] = WSGIHandler,
) -> None:
    """Run an exchange until SIGTERM or SIGINT; `ready` is told its address.

    `handler` reads what comes over its connections.

    Raises:
        CannotServe: the port or the data folder is taken.
        FaultSpecError: the faults cannot be read.
        PromptSetError: the recorded prompts cannot be used.
        TrunkError: the SIP trunk cannot be used here.
        TruthFileError: the truth file cannot be used.
    """
    options.data_dir.mkdir(parents=True, exist_ok=True)
    with _alone_in(options.data_dir):
        machine = Machine(options, now)
        app = create_app(options, machine)
        address = (options.host, options.port)
        door = Mounted(FaultyApi(app, machine.faults), DIALECTS[options.carrier].prefix)
        server = WSGIServer(address, door, log=None, error_log=_log, handler_class=handler)
        try:
            server.start()
        except OSError as error:
            message = f"{options.host}:{options.port} 无法监听：{error.strerror}"
            raise CannotServe(message) from error
        # Accepted connections inherit it; without it every short answer waits 40 ms for an ACK.
        server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal_handler(number, server.stop, _STOP_SECONDS)
        machine.start()
        _tune_memory()
        ready(options.public_url)
        server.serve_forever()
        machine.stop()


def _tune_memory() -> None:
    """Look at what was there at the start no more, and at the rest before it is much.

    A call and what carries it hold on to each other, and go only when they are looked for. Looking
    seldom let the exchange grow by forty megabytes over 50,000 calls.
    Where each greenlet was begun is not written down: nobody asks, and each call begins a dozen.
    """
    config.track_greenlet_tree = False
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 5, 5)


def create_app(options: Options, machine: Machine) -> Flask:
    """Return the exchange's web application."""
    app = Flask(
        __name__,
        template_folder=str(options.templates),
        static_folder=str(options.static),
        static_url_path="/static/exchange",
    )
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
    app.register_blueprint(machine.api())
    app.register_blueprint(machine.pages())
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _failed)
    return app


def _refused(refusal: Refusal) -> tuple[Response, int]:
    response = jsonify(refusal.as_json())
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return response, refusal.status


def _failed(error: HTTPException) -> tuple[Response, int]:
    if error.code == 404:
        return _refused(not_found(request.path))
    status = error.code or 500
    return _refused(Refusal(20000 + status, error.name, status))


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Make sure that no second exchange works on the same file."""
    with (folder / "exchange.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = f"{folder} 已被另一个交换机使用"
            raise CannotServe(message) from error
        yield
