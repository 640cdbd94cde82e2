"""The public picture as server-sent events, for screens to which no websocket gets through.

A stream carries whole pictures: one that reads slowly is given the newest and skips the rest.
What concerns one screen alone goes ahead of them: that it is black, that its link was taken back.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from threading import Event

from flask import Response

from evalsys.domain.live.views import View
from evalsys.errors import TooManyTries

AT_MOST = 500
"""So many streams at once; everybody at home follows the watch page instead."""
_ALIVE_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Own:
    """What concerns one reader alone."""

    is_admitted: bool = True
    """It may still read what it began to read."""
    dark: bool | None = None
    """This screen is black, whatever its kind shows; None for one that has no name."""


class Streams:
    """Who reads, and the newest picture of each audience of a session as it is sent."""

    def __init__(self) -> None:
        """Begin without readers."""
        self._readers: dict[str, set[Event]] = {}
        self._newest: dict[str, str] = {}
        self._asked: set[str] = set()

    def is_followed(self, room: str) -> bool:
        """Whether anybody ever asked for a room's pictures; a lost reader comes back."""
        return room in self._asked

    def tell(self, room: str, view: View) -> None:
        """Let every reader of `room`, an audience of a session, have its newest picture."""
        self._newest[room] = _event(view)
        for woken in tuple(self._readers.get(room, ())):
            woken.set()

    def look(self, rooms: Iterable[str]) -> None:
        """Let every reader of `rooms` see at once whether something concerns it alone."""
        for room in rooms:
            for woken in tuple(self._readers.get(room, ())):
                woken.set()

    def answer(self, room: str, view: View, own: Callable[[], Own]) -> Response:
        """Answer a reader with `view` now, and with each newer one until it goes.

        `own` says what concerns this reader alone; it is asked ever again, outside requests.

        Raises:
            TooManyTries: as many read as may.
        """
        if sum(map(len, self._readers.values())) >= AT_MOST:
            raise TooManyTries("观看的屏幕太多。", remedy="请改看收看页。")
        self._asked.add(room)
        return Response(
            self._read(room, _event(view), own),
            mimetype="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    def _read(self, room: str, first: str, own: Callable[[], Own]) -> Iterator[str]:
        woken = Event()
        woken.set()  # what was told while the first picture was made has come already
        readers = self._readers.setdefault(room, set())
        readers.add(woken)
        try:
            dark = own().dark
            yield f"retry: 1000\n\n{_dark(dark)}{first}"
            shown = first
            while True:
                woken.wait(_ALIVE_EVERY_S)
                woken.clear()
                mine = own()
                if not mine.is_admitted:
                    yield _REVOKED
                    return
                if mine.dark != dark:
                    dark = mine.dark
                    yield _dark(dark)
                newest = self._newest.get(room, shown)
                yield newest if newest != shown else ":\n\n"
                shown = newest
        finally:
            readers.discard(woken)


_REVOKED = "event: revoked\ndata: {}\n\n"


def _dark(dark: bool | None) -> str:  # noqa: FBT001 - what the screen is told
    return "" if dark is None else f"event: dark\ndata: {json.dumps({'dark': dark})}\n\n"


def _event(view: View) -> str:
    return f"data: {json.dumps(view, ensure_ascii=False, separators=(',', ':'))}\n\n"
