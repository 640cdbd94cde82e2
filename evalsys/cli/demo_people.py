"""The people of an unattended session, each with their own browser: operator, panel, personnel."""

import html
import re
import time
from collections.abc import Callable
from typing import Any

import requests

from evalsys.errors import OutsideFailure, WrongPhase

Answer = dict[str, Any]

TIMEOUT_S = 60
LOOK_EVERY_S = 0.2
CALLS_WITHIN_S = 1800

_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Visitor:
    """A browser as far as HTTP goes: cookies, the form token of a page, answers checked."""

    def __init__(self, url: str) -> None:
        """Visit the application at `url`."""
        self._url = url
        self._browser = requests.Session()
        self._csrf = ""

    def see(self, path: str) -> requests.Response:
        """Fetch a page or a file.

        Raises:
            OutsideFailure: the application refused.
        """
        answer = self._checked(self._browser.get(self._url + path, timeout=TIMEOUT_S))
        found = _CSRF.search(answer.text) if "html" in answer.headers["Content-Type"] else None
        if found:
            self._csrf = html.unescape(found.group(1))
        return answer

    def send(self, path: str, fields: Answer) -> requests.Response:
        """Post a form, as the page seen last would."""
        data = {**fields, "csrf_token": self._csrf}
        return self._checked(self._browser.post(self._url + path, data=data, timeout=TIMEOUT_S))

    def tell(self, path: str, body: Answer) -> Answer:
        """Post JSON, as the script of the page seen last would; return the JSON answer."""
        headers = {"X-CSRFToken": self._csrf, "Accept": "application/json"}
        address = self._url + path
        answer = self._browser.post(address, json=body, headers=headers, timeout=TIMEOUT_S)
        known: Answer = self._checked(answer).json()
        return known

    def sign_in(self, name: str, password: str) -> None:
        """Sign in at the form."""
        self.see("/login")
        self.send("/login", {"name": name, "password": password})
        self.see("/")

    def _checked(self, answer: requests.Response) -> requests.Response:
        if answer.ok:
            return answer
        told = answer.text.strip()
        if "json" in answer.headers.get("Content-Type", ""):
            told = str(answer.json())
        raise OutsideFailure(
            f"{answer.request.method} {answer.url} 得到 {answer.status_code}：{told[:500]}",
            remedy="请查看数据目录中的日志。",
        )


class Operator(Visitor):
    """Runs one session from the console, one command at a time, as the buttons do."""

    def __init__(self, url: str) -> None:
        """Stand before the console of the application at `url`."""
        super().__init__(url)
        self.live = ""
        self.view: Answer = {}

    def plan(self, **plan: object) -> str:
        """Begin a session and open its console; return its identity."""
        self.live = self.tell("/console/plan", plan)["live"]
        self.see(f"/console/{self.live}")
        self.look()
        return self.live

    def look(self) -> Answer:
        """Fetch the console's picture anew."""
        self.view = self.see(f"/console/{self.live}/view.json").json()
        return self.view

    def do(self, command: str, **fields: object) -> Answer:
        """Carry out one command on what was seen last; return the picture after it."""
        body = {"command": command, "expect": self.view["step"], **fields}
        self.view = self.tell(f"/console/{self.live}/do", body)
        return self.view

    def wait(self, until: Callable[[Answer], bool], *, what: str) -> Answer:
        """Look again and again until the picture satisfies `until`.

        Raises:
            WrongPhase: it did not within half an hour.
        """
        deadline = time.monotonic() + CALLS_WITHIN_S
        while not until(self.look()):
            if time.monotonic() > deadline:
                raise WrongPhase(f"等待超时：{what}。", remedy="请查看应用和交换机的日志。")
            time.sleep(LOOK_EVERY_S)
        return self.view
