"""The local exchange as a process, and an application beside it whose dialler runs."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event, Thread
from wsgiref.types import WSGIApplication

import requests
from werkzeug.serving import make_server

from evalsys.settings import Settings
from tests.builders import environment_of
from tests.calling import Hall
from tests.processes import Process, evalsys, free_port

FAST = 200
"""How many times faster than people the scripted households live."""


class Exchange:
    """A local exchange as a process of its own, which tests may kill and start again."""

    def __init__(
        self,
        folder: Path,
        truth: list[dict[str, object]],
        speed: int = FAST,
        more: Sequence[str] = (),
    ) -> None:
        self.more = list(more)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._folder = folder
        self._speed = speed
        self._truth = folder / "truth.jsonl"
        self.tell(truth)
        self._process: Process | None = None

    def tell(self, truth: list[dict[str, object]]) -> None:
        """Say, before it starts, what the households know."""
        self._truth.write_text("\n".join(json.dumps(line) for line in truth))

    def start(self, settings: Settings) -> None:
        environment = environment_of(settings)
        options = {
            "--port": str(self.port),
            "--truth": str(self._truth),
            "--speed": str(self._speed),
            "--seed": "7",
            "--data-dir": str(self._folder / "exchange"),
        }
        words = [word for pair in options.items() for word in pair]
        log = self._folder / "exchange.log"
        self._process = Process(evalsys("exchange", *words, *self.more), environment, log)
        self._process.wait_for(f"{self.url}/handset")

    def deal(self, faults: str, settings: Settings) -> None:
        """Turn the fault switch of the running exchange."""
        account = settings.telephony_account
        url = f"{self.url}/2010-04-01/Accounts/{account}/Faults.json"
        door = (account, settings.telephony_token)
        requests.post(url, data={"Faults": faults}, auth=door, timeout=10).raise_for_status()

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()


Between = Callable[[WSGIApplication], WSGIApplication]
"""Something between the exchange and the application, such as a proxy that fails."""


class Living:
    """A hall whose webhooks are answered and whose dialler runs, in this process."""

    def __init__(self, hall: Hall, port: int, between: Between = lambda app: app) -> None:
        door = between(hall.app)
        self._server = make_server("127.0.0.1", port, door, threaded=True)
        self._server.daemon_threads = False  # type: ignore[attr-defined]  # closing waits for them
        self._stop = Event()
        self._threads = (
            Thread(target=self._server.serve_forever),
            Thread(target=hall.rooms.dialler.run, args=(self._stop,)),
            Thread(target=self._look_at_the_stage, args=(hall,)),
        )
        for thread in self._threads:
            thread.start()

    def _look_at_the_stage(self, hall: Hall) -> None:
        while not self._stop.wait(0.2):
            hall.rooms.stage.look()

    def stop(self) -> None:
        self._stop.set()
        self._server.shutdown()
        for thread in self._threads:
            thread.join()
        self._server.server_close()
