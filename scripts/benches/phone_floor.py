"""The floor of a telephone exchange: the same HTTP and one commit a webhook, and nothing else.

Python's own client and gevent's own server, connections kept; no state, no TwiML, no household,
no signature. `python -m scripts.benches.phone_floor PORT APPLICATION DATABASE`.
"""

import json
import sqlite3
import sys
from collections.abc import Iterable
from http.client import HTTPConnection
from secrets import token_hex
from urllib.parse import parse_qs, urlencode, urlsplit
from wsgiref.types import StartResponse, WSGIEnvironment

from gevent import monkey, spawn
from gevent.pywsgi import WSGIServer

ACCOUNT = "AC" + "0" * 32
QUESTIONS = 5


class Floor:
    """Takes calls, and sends what an exchange would send."""

    def __init__(self, application: str, database: str) -> None:
        self._host = urlsplit(application).netloc
        self._idle: list[HTTPConnection] = []
        self._db = sqlite3.connect(database, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute("CREATE TABLE webhooks (sid TEXT, said TEXT)")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Take a call."""
        size = int(str(environ.get("CONTENT_LENGTH") or 0))
        form = parse_qs(environ["wsgi.input"].read(size).decode())
        sid = "CA" + token_hex(16)
        spawn(self._call, sid, urlsplit(form["Url"][0]).path, form["StatusCallback"][0])
        body = json.dumps({"sid": sid, "status": "queued"}).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response("201 Created", headers)
        return [body]

    def _call(self, sid: str, first: str, status_url: str) -> None:
        status = urlsplit(status_url).path
        for word in ("initiated", "ringing", "in-progress"):
            self._send(status, sid, word)
        for number in range(QUESTIONS + 1):
            self._send(f"{first.rpartition('/')[0]}/{number}", sid, "in-progress")
        self._send(status, sid, "completed")

    def _send(self, path: str, sid: str, status: str) -> None:
        form = {
            "AccountSid": ACCOUNT,
            "CallSid": sid,
            "ApiVersion": "2010-04-01",
            "CallStatus": status,
            "Direction": "outbound-api",
        }
        connection = self._idle.pop() if self._idle else HTTPConnection(self._host)
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", path, urlencode(form), headers)
        connection.getresponse().read()
        self._idle.append(connection)
        self._db.execute("INSERT INTO webhooks VALUES (?, ?)", (sid, json.dumps(form)))


def main() -> None:
    """Serve until killed."""
    monkey.patch_all()
    port, application, database = sys.argv[1:]
    server = WSGIServer(("127.0.0.1", int(port)), Floor(application, database), log=None)
    server.serve_forever()


if __name__ == "__main__":
    main()
