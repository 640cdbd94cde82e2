"""The exchange as a server: puts the parts together, serves them, stops in good order."""

import fcntl
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Flask, Response, jsonify, request
from gevent import signal_handler
from gevent.pywsgi import WSGIServer
from werkzeug.exceptions import HTTPException

from evalsys.exchange.api import Api
from evalsys.exchange.conference_api import ConferenceApi
from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory, Invented, TruthFile
from evalsys.exchange.meetings import Meetings
from evalsys.exchange.outbox import Outbox
from evalsys.exchange.pace import OwnTime, Pace
from evalsys.exchange.pages import Pages
from evalsys.exchange.rooms import AllLines, HandsetLines, LineSource, ScriptedLines
from evalsys.exchange.sounds import Sounds
from evalsys.exchange.store import Store
from evalsys.exchange.switchboard import Switchboard
from evalsys.exchange.voice import Voice
from evalsys.exchange.webhooks import Webhooks
from evalsys.exchange.wire import Refusal, not_found

_LARGEST_REQUEST = 8 << 20
_STOP_SECONDS = 2.0

LINE_KINDS = ("handset", "scripted")

_log = logging.getLogger(__name__)


class CannotServe(Exception):  # noqa: N818 - says what it is
    """The exchange cannot start here; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one exchange is run."""

    host: str
    port: int
    account: str
    token: str
    public_url: str
    """The address at which applications and handsets reach the exchange, no final slash."""
    seed: int
    truth: Path | None
    speed: float
    webhook_secret: str
    data_dir: Path
    lines: tuple[str, ...]
    """Of which kinds, in this order: what `LINE_KINDS` names."""
    virtual_clock: bool
    """Whether each scripted call has a time of its own that never waits."""
    templates: Path
    static: Path
    prompts: Path | None = None
    """Folder of recorded prompts."""
    dialect: str = ""


def serve(options: Options, now: Callable[[], datetime], ready: Callable[[str], object]) -> None:
    """Run an exchange until SIGTERM or SIGINT; `ready` is told its address.

    Raises:
        CannotServe: the port or the data folder is taken.
        PromptSetError: the recorded prompts cannot be used.
        TruthFileError: the truth file cannot be used.
    """
    options.data_dir.mkdir(parents=True, exist_ok=True)
    with _alone_in(options.data_dir):
        store = Store(options.data_dir / "exchange.db")
        webhooks = Webhooks(options.webhook_secret)
        sounds = Sounds(webhooks)
        outbox = Outbox(store, webhooks)
        directory: Directory = TruthFile(options.truth) if options.truth else Invented(options.seed)
        handsets = Handsets()
        voice = Voice(options.data_dir / "clips", options.prompts, options.dialect)
        meetings = Meetings(
            store,
            outbox,
            account=options.account,
            public_url=options.public_url,
            now=now,
        )
        switchboard = Switchboard(
            store,
            outbox,
            webhooks,
            sounds,
            _lines(options, handsets, directory, now),
            meetings,
            account=options.account,
            public_url=options.public_url,
            now=now,
        )
        api = Api(
            switchboard,
            store,
            account=options.account,
            token=options.token,
            public_url=options.public_url,
        )
        conferences = ConferenceApi(
            switchboard,
            meetings,
            store,
            account=options.account,
            public_url=options.public_url,
        )
        routes = api.blueprint(conferences)
        pages = Pages(switchboard, store, handsets, directory, sounds, voice)
        app = create_app(options, routes, pages)
        server = WSGIServer((options.host, options.port), app, log=None, error_log=_log)
        try:
            server.start()
        except OSError as error:
            message = f"{options.host}:{options.port} 无法监听：{error.strerror}"
            raise CannotServe(message) from error
        # Accepted connections inherit it; without it every short answer waits 40 ms for an ACK.
        server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal_handler(number, server.stop, _STOP_SECONDS)
        switchboard.recover()
        ready(options.public_url)
        server.serve_forever()
        switchboard.stop()
        store.close()


def _lines(
    options: Options, handsets: Handsets, directory: Directory, now: Callable[[], datetime]
) -> AllLines:
    """Return the lines that `options` ask for; a person comes before a script."""

    def new_pace() -> Pace:
        return OwnTime(now(), options.speed) if options.virtual_clock else Pace(options.speed)

    sources: dict[str, LineSource] = {
        "handset": HandsetLines(handsets, directory),
        "scripted": ScriptedLines(directory, seed=options.seed, new_pace=new_pace),
    }
    return AllLines(*(sources[kind] for kind in LINE_KINDS if kind in options.lines))


def create_app(options: Options, api: Blueprint, pages: Pages) -> Flask:
    """Return the exchange's web application."""
    app = Flask(
        __name__,
        template_folder=str(options.templates),
        static_folder=str(options.static),
        static_url_path="/static/exchange",
    )
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # DefaultJSONProvider has it
    app.register_blueprint(api)
    app.register_blueprint(pages.blueprint())
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
