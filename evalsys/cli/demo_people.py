"""The people of an unattended session, each with their own browser: operator, panel, personnel."""

import html
import re
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from evalsys.errors import OutsideFailure

Answer = dict[str, Any]

TIMEOUT_S = 60

_CSRF = re.compile(r'<meta name="csrf-token" content="([^"]+)"')


class Visitor:
    """A browser as far as HTTP goes: cookies, the form token of a page, answers checked."""

    def __init__(self, url: str) -> None:
        """Visit the application at `url`."""
        self.url = url
        self.csrf = ""
        """The token that forms and scripts of the page seen last would send."""
        self._browser = requests.Session()
        # As a browser does: what only looks is asked again when the server was restarted.
        again = Retry(total=3, backoff_factor=0.2, allowed_methods=("GET",))
        self._browser.mount("http://", HTTPAdapter(max_retries=again))

    @property
    def cookies(self) -> str:
        """The cookies that this browser sends, as one header."""
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self._browser.cookies)

    def see(self, path: str) -> requests.Response:
        """Fetch a page or a file.

        Raises:
            OutsideFailure: the application refused.
        """
        answer = self._checked(self._browser.get(self.url + path, timeout=TIMEOUT_S))
        found = _CSRF.search(answer.text) if "html" in answer.headers["Content-Type"] else None
        if found:
            self.csrf = html.unescape(found.group(1))
        return answer

    def send(self, path: str, fields: Answer) -> requests.Response:
        """Post a form, as the page seen last would."""
        data = {**fields, "csrf_token": self.csrf}
        return self._checked(self._browser.post(self.url + path, data=data, timeout=TIMEOUT_S))

    def tell(self, path: str, body: Answer) -> Answer:
        """Post JSON, as the script of the page seen last would; return the JSON answer."""
        headers = {"X-CSRFToken": self.csrf, "Accept": "application/json"}
        address = self.url + path
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
            said = answer.json()
            parts = [said.get(part, "") for part in ("place", "what", "remedy")]
            told = " ".join(filter(None, parts)) or str(said)
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
