"""A session that is calling: roster, application and a carrier on the wire, all real but small."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4
from wsgiref.types import WSGIApplication

from flask import Flask
from sqlalchemy import insert, select, update
from typing_extensions import override
from werkzeug.test import Client, TestResponse

from evalsys.app import build_tally, create_app
from evalsys.domain.live.state import Attempt, LiveState, Position, Round
from evalsys.domain.live.words import Presence
from evalsys.domain.roster import RequestState
from evalsys.ids import LiveId
from evalsys.services.rooms import Rooms
from evalsys.services.show import Operator
from evalsys.services.tally import Tally
from evalsys.settings import Settings
from evalsys.store.database import Database
from evalsys.store.phone_box import KEY_VERSION, PhoneBox
from evalsys.store.schema.calls import CallAttempt
from evalsys.store.schema.roster import Cadre, Household, Phone, ServiceRequest, Visit
from tests.accounts import rooms_of
from tests.builders import TALLY_KEY, some_settings
from tests.heard import asked_of, is_turned, said
from tests.live_play import a_plan
from tests.roster_rows import code_of, fill_roster, number_of, phone_of

CADRES = 2
HOUSEHOLDS = 6
HEADS = "王李张刘陈杨"

Answer = Callable[[str, str, dict[str, list[str]]], tuple[int, object] | None]
"""What a carrier says to a request: method, path and form in, status and body out."""


@dataclass
class Carrier:
    """A carrier on the wire that rings nobody: it takes calls, and remembers what it was asked.

    `mood` says how it answers the next requests: "takes" them, is "busy" (503), finds every
    number "wrong" (21211), or "forgets to answer": it takes the call and drops the connection.
    """

    mood: str = "takes"
    calls: list[dict[str, str]] = field(default_factory=list)
    """Every call taken: what it was asked for, with `sid` and `status`."""
    _taking: Lock = field(default_factory=Lock)

    def end(self, sid: str, status: str) -> None:
        """Let a call end without telling anybody."""
        next(call for call in self.calls if call["sid"] == sid)["status"] = status

    def answer(
        self, method: str, path: str, form: dict[str, list[str]]
    ) -> tuple[int, object] | None:
        """Answer one request as Twilio would."""
        if self.mood == "busy":
            return 503, {"code": 20503, "message": "busy", "status": 503}
        if method == "POST":
            return self._take({name: values[0] for name, values in form.items()})
        if path.endswith("/Calls.json"):
            to = form.get("To")
            found = [call for call in reversed(self.calls) if to is None or [call["To"]] == to]
            return 200, {"calls": found, "next_page_uri": None}
        sid = path.rpartition("/")[2].removesuffix(".json")
        found = [call for call in self.calls if call["sid"] == sid]
        if not found:
            return 404, {"code": 20404, "message": "not found", "status": 404}
        return 200, found[0] | {"duration": "7"}

    def _take(self, form: dict[str, str]) -> tuple[int, object] | None:
        if self.mood == "wrong":
            message = f"The 'To' number {form['To']} is not a valid phone number."
            return 400, {"code": 21211, "message": message, "status": 400}
        with self._taking:
            return self._taken(form)

    def _taken(self, form: dict[str, str]) -> tuple[int, object] | None:
        sid = f"CA{len(self.calls) + 1:032x}"
        taken = {"sid": sid, "status": "queued", "date_created": format_datetime(real_now())}
        self.calls.append(form | taken)
        return None if self.mood == "forgets to answer" else (201, taken)


def real_now() -> datetime:
    """Read the carrier's own clock."""
    return datetime.now(UTC)  # noqa: TID251 - the carrier has a clock of its own


@contextmanager
def on_the_wire(answer: Answer) -> Iterator[str]:
    """Serve `answer` on a free port of this machine; without an answer the line is dropped."""

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length", 0))
            sent = self.rfile.read(size).decode() or parts.query
            answered = answer(self.command, parts.path, parse_qs(sent))
            if answered is None:
                self.close_connection = True
                return
            status, value = answered
            body = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _answer  # noqa: N815 - the names of http.server

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output clean."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:  # a test that fails must not leave a thread that nobody ends
            server.shutdown()
            thread.join()


def fill_county(database: Database, settings: Settings) -> None:
    """Write two cadres of six households each; the cadres claim visits and a solved request.

    Everybody has a telephone; for the last two households of each nothing is claimed.
    """
    box = PhoneBox(settings.phone_key, settings.index_key)
    with database.write() as db:
        fill_roster(db, box, [HOUSEHOLDS] * CADRES)
        # The one household that `fill_roster` leaves without a telephone.
        row, number = uuid4().bytes, phone_of(0, 0)
        db.add(
            Phone(
                id=row,
                household=code_of(0, 0),
                position=1,
                usable=True,
                sealed=box.seal(number, row),
                blind=box.blind(number),
                key_version=KEY_VERSION,
            )
        )
        db.execute(update(Cadre).values(name="张三", post="局长"))
        for i in range(CADRES):
            for h in range(HOUSEHOLDS):
                code = code_of(i, h)
                head = f"{HEADS[h]}大明"
                db.execute(update(Household).where(Household.code == code).values(head=head))
                if h >= HOUSEHOLDS - 2:
                    continue
                owner = {"cadre": number_of(i), "household": code}
                visited_on = date(2026, 3, 5)
                db.execute(insert(Visit).values(**owner, visited_on=visited_on, note=""))
                db.execute(
                    insert(ServiceRequest).values(
                        **owner,
                        code=f"R{code}",
                        raised_on=date(2026, 3, 5),
                        text="村口路灯不亮",
                        state=RequestState.SOLVED.value,
                        solved_on=date(2026, 4, 1),
                        answer="已修好",
                    )
                )


def truth_of(i: int, h: int, **different: object) -> dict[str, object]:
    """What the exchange knows of a household: it answers, was visited, and gives four points."""
    return {
        "phone": phone_of(i, h),
        "household": code_of(i, h),
        "cadre": number_of(i),
        "head": f"{HEADS[h]}大明",
        "visited": True,
        "solved": True,
        "score": 4,
        "comment": "他常来看我们。",
        "answers": 100,
        "linked": True,
    } | different


class Hall:
    """An application with a session that can be brought to its calls."""

    def __init__(self, database: Database, data_dir: Path, **settings: str) -> None:
        address = database.engine.url.render_as_string(hide_password=False)
        self.settings = replace(some_settings(address, data_dir), **settings)  # type: ignore[arg-type]  # tests name fields
        self.database = database
        self.app: Flask = create_app(self.settings)
        self.rooms: Rooms = rooms_of(self.app)
        self.live = LiveId("")
        self._closing = [self.rooms.calls._database.close]

    def open_calls(self, **plan: object) -> None:
        """Play a session up to its first calls."""
        self.until_answering(plan)
        self.rooms.show.open_calls(self.operator)

    def until_answering(
        self, plan: Mapping[str, object], presence: Presence = Presence.IN_PERSON
    ) -> None:
        """Play a session up to the answer of its first cadre."""
        show = self.rooms.show
        usual = {"slots": 1, "target": 5, "gap_s": 1}
        self.live = show.plan(a_plan(**{**usual, **plan}), actor="op")
        for step in (show.freeze, show.publish, show.open_ceremony):
            step(self.operator)
        self.rooms.ceremony.rehearse_dice(self.operator)
        self.rooms.ceremony.draw_next(self.operator)
        show.record_presence(self.operator, presence)

    @cached_property
    def tally(self) -> Tally:
        """The tally process, which alone can open what the application sealed."""
        built = build_tally(self.settings, TALLY_KEY)
        self._closing.append(built.close)
        return built

    def minutes_pass(self, minutes: int) -> None:
        """Let all that was kept of calls be so much older; clocks are not moved."""
        older = timedelta(minutes=minutes)
        with self.database.write() as db:
            for row in db.scalars(select(CallAttempt)):
                row.placed_at -= older
                row.heard_at -= older
                if row.ended_at is not None:
                    row.ended_at -= older

    def close(self) -> None:
        """Give back the application's own connections."""
        for close in self._closing:
            close()

    @property
    def operator(self) -> Operator:
        return Operator(self.live, "op", self.state.step if self.live else 0)

    @property
    def state(self) -> LiveState:
        return self.rooms.live.state(self.live)

    @property
    def round(self) -> Round:
        current = self.state.round
        assert current is not None
        return current

    def position(self, k: int) -> Position:
        return self.round.positions[k]

    def attempt(self, k: int) -> Attempt:
        """The latest attempt on a position."""
        return self.position(k).attempts[-1]

    def code(self, k: int) -> str:
        """The household that stands at position `k`."""
        with self.database.read() as db:
            return self.rooms.draw.household_at(db, self.live, self.round.cadre, k)

    def tick(self) -> None:
        """Let the dialler look once."""
        self.rooms.dialler.tick(self.now())

    @staticmethod
    def now() -> datetime:
        return real_now()

    def without_phones(self) -> None:
        """Let no household have a telephone; before the roster is frozen."""
        with self.database.write() as db:
            db.execute(update(Phone).values(usable=False))

    def line_rests(self) -> None:
        """Let the breaker's rest pass."""
        breaker = self.rooms.dialler._gateway._breaker  # type: ignore[attr-defined]  # the real body
        breaker._next_try = 0.0
        self.wait_for_rest()

    @staticmethod
    def wait_for_rest() -> None:
        """Wait until a position may be dialled again after the carrier failed it."""
        time.sleep(1.05)

    def also_close(self, others: Rooms) -> None:
        """Give back the connections of a second process too."""
        self._closing.append(others.calls._database.close)

    def post(self, path: str, form: dict[str, str], *, query: str = "") -> TestResponse:
        """Deliver a webhook as the carrier does, signed."""
        return posted(self.app, self.settings, path, form, query=query)


def posted(
    app: WSGIApplication, settings: Settings, path: str, form: dict[str, str], *, query: str = ""
) -> TestResponse:
    """Deliver a webhook to an application as its carrier does, signed."""
    parameters = {"AccountSid": settings.telephony_account} | form
    address = f"{settings.public_url}{path}" + (f"?{query}" if query else "")
    signed = address + "".join(name + parameters[name] for name in sorted(parameters))
    secret = settings.webhook_secret.encode()
    signature = base64.b64encode(hmac.digest(secret, signed.encode(), hashlib.sha1)).decode()
    return Client(app).post(
        path,
        query_string=query,
        data=urlencode(parameters),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature},
    )


@dataclass
class Caller:
    """The carrier's side of one call: it posts what happens, in whatever order a test likes."""

    hall: Hall
    attempt: str
    sid: str

    def hook(self, name: str, *, query: str = "", **form: str) -> TestResponse:
        """Deliver any webhook of this call."""
        return self.hall.post(
            f"/voice/{self.attempt}/{name}", {"CallSid": self.sid} | form, query=query
        )

    def status(self, word: str, **more: str) -> TestResponse:
        """Report how far the call has come."""
        return self.hook("status", CallStatus=word, **more)

    def pick_up(self) -> TestResponse:
        """Report the call up to the moment in which the household says hello."""
        for word in ("initiated", "ringing", "in-progress"):
            self.status(word)
        return self.hook("answer", CallStatus="in-progress")

    def press(self, question: str, key: str, tries: int = 1) -> TestResponse:
        """Press a key at a question."""
        return self.hook(f"step/{question}/{tries}", Digits=key)

    def press_all(self, keys: str) -> TestResponse:
        """Answer consent, identity, visited, solved and score as these keys do where nothing is
        turned round; in the order, and by the keys, in which this household is asked.
        """
        heard = self.hook("answer", CallStatus="in-progress")
        for place in range(len(keys)):
            heard = self.reply(heard, keys[min(QUESTIONS.index(asked_of(heard)), len(keys) - 1)])
            assert heard.status_code == 200, place
        return heard

    def reply(self, heard: TestResponse, key: str) -> TestResponse:
        """Answer the question that was heard as `key` does when it is not turned round."""
        question = asked_of(heard)
        if is_turned(said(heard)):
            key = str(6 - int(key)) if question == "score" else {"1": "2", "2": "1"}.get(key, key)
        return self.press(question, key)

    def hang_up(self, seconds: int = 42) -> TestResponse:
        """Report the end of a call that was picked up."""
        return self.status("completed", CallDuration=str(seconds))


QUESTIONS = ("consent", "identity", "visited", "solved", "score")


def callers(hall: Hall, carrier: Carrier) -> dict[int, Caller]:
    """Return the carrier's side of every call in flight, by position."""
    sids = {urlsplit(call["Url"]).path.split("/")[2]: call["sid"] for call in carrier.calls}
    return {
        k: Caller(hall, position.current.attempt_id, sids.get(position.current.attempt_id, "CA1"))
        for k, position in hall.round.positions.items()
        if position.current is not None
    }
