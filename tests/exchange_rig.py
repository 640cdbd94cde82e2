"""The real exchange as a process, and an application on the other end of its wire."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from flask import Flask, Response, request
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import BaseWSGIServer, make_server

from tests.processes import Process, evalsys, free_port

ACCOUNT = "AC" + "0" * 32
TOKEN = "exchange-token"  # noqa: S105 - protects nothing
SECRET = "exchange-webhook-secret"  # noqa: S105 - protects nothing
CALLER = "+8610000000000"
HOUSEHOLD = "+8613900000001"
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def a_truth(phone: str = HOUSEHOLD, **changes: object) -> dict[str, object]:
    """One line of a truth file: a household that answers, was visited and is content."""
    return {
        "phone": phone,
        "household": "371323001001",
        "cadre": "00004211",
        "head": "张三",
        "visited": True,
        "solved": True,
        "score": 4,
        "comment": "",
        "answers": 100,
        "linked": True,
    } | changes


@dataclass(frozen=True, slots=True)
class Hook:
    """One request that the exchange sent."""

    path: str
    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str]
    at: float


Answer = str | Callable[[], str | Response]


@dataclass(slots=True)
class Application:
    """A tiny application: scripted TwiML by path, and everything it was sent."""

    port: int
    documents: dict[str, Answer] = field(default_factory=dict)
    hooks: list[Hook] = field(default_factory=list)
    _server: BaseWSGIServer | None = None

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def says(self, path: str, twiml: Answer) -> None:
        """Answer `path` with this TwiML (the inside of <Response>)."""
        self.documents[path] = twiml

    def sent_to(self, path: str) -> list[Hook]:
        return [hook for hook in self.hooks if hook.path == path]

    def wait_for(self, path: str, count: int = 1, seconds: float = 15) -> list[Hook]:
        """Return what was sent to `path` once it was asked `count` times."""
        deadline = time.monotonic() + seconds
        while len(self.sent_to(path)) < count:
            if time.monotonic() > deadline:
                pytest.fail(f"{path} was asked {len(self.sent_to(path))} times, not {count}")
            time.sleep(0.02)
        return self.sent_to(path)

    def start(self) -> None:
        app = Flask("application")
        app.add_url_rule("/<path:path>", view_func=self._answer, methods=["GET", "POST"])
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = make_server("127.0.0.1", self.port, app, threaded=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def _answer(self, path: str) -> Response:
        hook = Hook(
            f"/{path}", request.url, request.form.to_dict(), dict(request.headers), time.monotonic()
        )
        self.hooks.append(hook)
        document = self.documents.get(f"/{path}", "")
        answer = document if isinstance(document, str) else document()
        if isinstance(answer, Response):
            return answer
        return Response(f"<Response>{answer}</Response>", content_type="text/xml")


@dataclass(slots=True)
class ExchangeRig:
    """A running exchange and the official client that drives it."""

    process: Process
    url: str
    client: Client
    options: list[str]
    folder: Path
    environment: Mapping[str, str]

    def dial(self, app: Application, path: str = "/voice", **more: object) -> str:
        """Place a call that starts at `path` and reports to /status; return its sid."""
        wanted: dict[str, Any] = {
            "to": HOUSEHOLD,
            "from_": CALLER,
            "url": app.url(path),
            "status_callback": app.url("/status"),
            "status_callback_event": ["initiated", "ringing", "answered", "completed"],
        }
        return str(self.client.calls.create(**(wanted | more)).sid)

    def status(self, sid: str) -> str:
        return str(self.client.calls(sid).fetch().status)

    def finish(self, sid: str, seconds: float = 20) -> str:
        """Wait until a call has ended; return how."""
        deadline = time.monotonic() + seconds
        while (status := self.status(sid)) not in ENDED:
            if time.monotonic() > deadline:
                pytest.fail(f"call still {status}:\n{self.process.log.read_text()[-3000:]}")
            time.sleep(0.03)
        return status

    def restart(self) -> None:
        """Start it again on the same port, data and options."""
        self.process = _start(self.options, self.folder, self.url, self.environment)


def official_client(url: str, token: str = TOKEN) -> Client:
    """Twilio's own client, talking to the exchange at `url`."""
    client = Client(ACCOUNT, token, http_client=TwilioHttpClient(timeout=10))
    client.api.base_url = url
    return client


def close(client: Client) -> None:
    """Close the connections of a client."""
    session = client.http_client.session  # type: ignore[attr-defined] # TwilioHttpClient's
    session.close()


StartExchange = Callable[..., ExchangeRig]


@pytest.fixture
def start_exchange(tmp_path: Path) -> Iterator[StartExchange]:
    """Run `evalsys exchange`: `start_exchange([a_truth(), ...], speed=50, seed=7)`."""
    running: list[ExchangeRig] = []

    def start(
        truths: list[dict[str, object]] | None = None,
        *,
        speed: float = 50,
        seed: int = 7,
        virtual_clock: bool = False,
        more: Sequence[str] = (),
        environment: Mapping[str, str] = MappingProxyType({}),
    ) -> ExchangeRig:
        folder = tmp_path / f"exchange-{len(running)}"
        folder.mkdir()
        port = free_port()
        options = ["--port", str(port), "--seed", str(seed), "--speed", str(speed)]
        options += ["--data-dir", str(folder / "data"), *more]
        options += ["--virtual-clock"] if virtual_clock else []
        if truths is not None:
            truth = folder / "truth.jsonl"
            truth.write_text("".join(json.dumps(each) + "\n" for each in truths), encoding="utf-8")
            options += ["--truth", str(truth)]
        url = f"http://127.0.0.1:{port}"
        client = official_client(url)
        process = _start(options, folder, url, environment)
        rig = ExchangeRig(process, url, client, options, folder, environment)
        running.append(rig)
        return rig

    yield start
    for rig in running:
        rig.process.stop()
        close(rig.client)


@pytest.fixture
def application() -> Iterator[Application]:
    """Run an application that the exchange can ask for TwiML."""
    app = Application(free_port())
    app.start()
    yield app
    app.stop()


def _start(options: list[str], folder: Path, url: str, environment: Mapping[str, str]) -> Process:
    environment = {
        **environment,
        "EVALSYS_TELEPHONY_ACCOUNT": ACCOUNT,
        "EVALSYS_TELEPHONY_TOKEN": TOKEN,
        "EVALSYS_WEBHOOK_SECRET": SECRET,
    }
    process = Process(evalsys("exchange", *options), environment, folder / "exchange.log")
    process.wait_for(f"{url}/health")
    return process
