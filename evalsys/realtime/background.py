"""What runs beside the requests of a process that leads."""

import logging
from collections.abc import Callable
from functools import partial

from flask import Flask
from flask_socketio import SocketIO

from evalsys.later import AFTERWARDS_S

Task = Callable[[], object]
_NAME = "evalsys_background"
_log = logging.getLogger(__name__)


class Background:
    """Tasks of one application: those that screens wait for, and those that begin afterwards."""

    def __init__(self, app: Flask, socket: SocketIO) -> None:
        """Keep the tasks of `app`; nothing runs before `start_background`."""
        self._socket = socket
        self.at_once: list[Task] = []
        self.afterwards: list[Task] = []
        """What no screen of the hall waits for: it begins when they have found the server again."""
        app.extensions[_NAME] = self

    def every(self, seconds: float, task: Task) -> Task:
        """Make what does `task` every so many seconds; no failure ends it."""
        return partial(self._repeat, seconds, task)

    def start(self) -> None:
        """Start all tasks, each on its own."""
        for task in self.at_once:
            self._socket.start_background_task(task)
        for task in self.afterwards:
            self._socket.start_background_task(self._begin_afterwards, task)

    def _repeat(self, seconds: float, task: Task) -> None:
        while True:
            self._socket.sleep(seconds)
            try:
                task()
            except Exception:  # noqa: BLE001 - whatever it was, the next turn must come
                _log.exception("background task %s failed; it is tried again", task)

    def _begin_afterwards(self, task: Task) -> None:
        self._socket.sleep(AFTERWARDS_S)
        task()


def background_of(app: Flask) -> Background:
    """Give what runs beside the requests of an application."""
    found: Background = app.extensions[_NAME]
    return found
