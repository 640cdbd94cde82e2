"""A screen of an unattended session: follows it over the socket as a page's script does."""

import time
from collections.abc import Callable
from threading import Condition
from types import TracebackType
from typing import Any, Self

import socketio

from evalsys.errors import OutsideFailure

View = dict[str, Any]

CONNECTS_WITHIN_S = 20
ASKS_AGAIN_AFTER_S = 5


class Screen:
    """Keeps the newest whole picture of one session for one audience."""

    def __init__(self, url: str, live: str, audience: str, cookies: str) -> None:
        """Describe the screen; `cookies` are those of the browser that shows it."""
        self._url = url
        self._live = live
        self._audience = audience
        self._cookies = cookies
        self._news = Condition()
        self._view: View = {}
        self._socket = socketio.Client(reconnection_delay_max=3)
        self._socket.on("connect", self.subscribe)
        self._socket.on("view", self._show)
        self._socket.on("head", self._compare)

    def __enter__(self) -> Self:
        """Connect and fetch the first picture.

        Raises:
            OutsideFailure: the application does not take the socket.
        """
        try:
            self._socket.connect(
                self._url,
                headers={"Cookie": self._cookies},
                transports=["websocket"],
                wait_timeout=CONNECTS_WITHIN_S,
            )
        except socketio.exceptions.ConnectionError as error:
            raise OutsideFailure(
                f"屏幕连接失败：{error}。", remedy="请查看数据目录中的应用日志。"
            ) from error
        self.wait(bool, CONNECTS_WITHIN_S, "第一幅画面")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Hang up, without waiting three seconds for each goodbye."""
        self._socket.start_background_task(self._socket.disconnect)

    def subscribe(self) -> None:
        """Ask for whatever is newer than the picture we have."""
        known = {"live": self._live, "audience": self._audience, "seq": self._view.get("seq", 0)}
        self._socket.emit("subscribe", known, callback=self._acknowledged)

    def wait(self, until: Callable[[View], bool], within_s: float, what: str) -> View:
        """Return the first picture that satisfies `until`.

        Raises:
            OutsideFailure: none came within `within_s` seconds.
        """
        deadline = time.monotonic() + within_s
        with self._news:
            while not until(self._view):
                if time.monotonic() > deadline:
                    raise OutsideFailure(f"等待超时：{what}。", remedy="请查看数据目录中的日志。")
                if not self._news.wait(ASKS_AGAIN_AFTER_S):
                    self.subscribe()
            return self._view

    def _acknowledged(self, answer: View) -> None:
        if answer.get("view"):
            self._show(answer["view"])

    def _show(self, view: View) -> None:
        with self._news:
            if view["live"] == self._live and view["seq"] >= self._view.get("seq", 0):
                self._view = view
                self._news.notify_all()

    def _compare(self, head: View) -> None:
        if head["live"] == self._live and head["seq"] > self._view.get("seq", 0):
            self.subscribe()
