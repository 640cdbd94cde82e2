"""A person with one of the exchange's handsets: hears what is said, presses what a test says."""

import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import requests

_LOOK_EVERY_S = 0.2
"""Each look reads a session from its first event on."""


class Telephone:
    """Holds a number of the exchange, answers, and presses a key after the words that ask for it.

    `keys` maps words of a question to the key; a question that is not in it is not answered.
    """

    def __init__(self, exchange_url: str, number: str, keys: Mapping[str, str]) -> None:
        self._url = exchange_url
        self.keys = dict(keys)
        answer = requests.post(
            f"{exchange_url}/handset/register", json={"number": number}, timeout=5
        )
        self._token = {"Authorization": f"Bearer {answer.json()['token']}"}
        self.view: dict[str, Any] = {}
        self.said: list[str] = []
        self._answered: set[int] = set()
        self._gone = Event()
        self._thread = Thread(target=self._live)
        self._thread.start()

    def press(self, key: str) -> None:
        self._do(do="press", key=key)

    def hang_up(self) -> None:
        self._do(do="hang_up")

    def call_back(self) -> None:
        self._do(do="call_back")

    def put_away(self) -> None:
        self._gone.set()
        self._do(do="leave")
        self._thread.join()

    def says(self, level: int) -> None:
        """Speak for a second: every sample has one value, by which others know it."""
        for _ in range(10):
            piece = array("h", [level] * 800).tobytes()
            requests.post(f"{self._url}/handset/say", data=piece, headers=self._token, timeout=10)
            time.sleep(0.1)  # as fast as a microphone

    @contextmanager
    def listening(self) -> Iterator[set[int]]:
        """Listen to the others; what was heard so far is the set of samples."""
        heard: set[int] = set()
        over = Event()

        def listen() -> None:
            while not over.is_set():
                answer = requests.post(
                    f"{self._url}/handset/hear", headers=self._token, timeout=30, stream=True
                )
                with answer:
                    for piece in answer.iter_content(1600):
                        heard.update(array("h", piece[: len(piece) // 2 * 2]))
                        if over.is_set():
                            return
                over.wait(0.05)

        thread = Thread(target=listen)
        thread.start()
        try:
            yield heard
        finally:
            over.set()
            thread.join()

    @property
    def company(self) -> int:
        """How many others it hears."""
        return int(self.view.get("company", 0))

    def has_heard(self, words: str) -> bool:
        return any(words in text for text in self.said)

    def _live(self) -> None:
        while not self._gone.is_set():
            answer = requests.post(
                f"{self._url}/handset/wait",
                json={"version": self.view.get("version", 0)},
                headers=self._token,
                timeout=30,
            )
            if not self._gone.is_set():
                self.view = answer.json()
                self._react()

    def _react(self) -> None:
        if self.view["phase"] == "ringing":
            self._do(do="answer")
        if self.view["phase"] == "ended":
            self._answered.clear()  # the next call counts its prompts anew
            return
        prompts = self.view.get("prompts") or []
        if self.view["phase"] != "talking" or not prompts:
            return
        if self.view["record_seconds"]:
            self.press("#")  # nothing to say
            return
        last = prompts[-1]
        if last["id"] not in self._answered:
            self._answered.add(last["id"])
            self.said.append(last["text"])
            key = next((key for words, key in self.keys.items() if words in last["text"]), "")
            if key:
                self.press(key)
                return
        if self.view["speaking"]:
            self._do(do="heard", prompt=self.view["speaking"])

    def _do(self, **what: object) -> None:
        requests.post(f"{self._url}/handset/act", json=what, headers=self._token, timeout=10)


@contextmanager
def telephones(*each: Telephone) -> Iterator[None]:
    """Put telephones away at the end."""
    try:
        yield
    finally:
        for telephone in each:
            telephone.put_away()


def until(what: Callable[[], object], name: str, seconds: float = 60) -> None:
    """Wait until `what()` is true."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, name
        time.sleep(_LOOK_EVERY_S)
