"""The pad's door: what is refused, and what survives a power cut."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from evalsys.cli.demo_people import Operator, Visitor
from evalsys.store import audit
from evalsys.store.database import Database
from tests.builders import environment_of
from tests.panel_hall import a_county, an_operator, cards, until_called
from tests.processes import Process, ServeApp, free_port, server, settings_on_port

CHINESE = re.compile("[\u4e00-\u9fff]+")
JSON = {"Accept": "application/json"}
WRONG: tuple[dict[str, object], ...] = (
    {"j": "1"},
    {"j": True},
    {"choice": "very_satisfied"},
    {"choice": None},
    {"revision": 0},
    {"revision": -1},
    {"revision": 2**40},
    {"opening": 1.5},
)
UNREADABLE = (
    b"{",
    b"[1]",
    b"[" * 100_000,
    b"\xff",
    b'{"retired_cadre": "' + b"9" * 5000 + b'"}',
    b'{"retired_cadre": 2.5}',
    b'{"retired_cadre": true}',
    b'{"retired_cadre": 1000}',
)
CHOICES = ("satisfied", "basically_satisfied", "not_satisfied")


class PowerSocket:
    """A server whose plug can be pulled: same address, same database when it is back."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._settings = settings_on_port(database, folder, free_port())
        self._folder = folder
        self.url = self._settings.public_url
        self._process = self._start()

    def pull_the_plug(self) -> None:
        """Kill the server and start it again."""
        self._process.kill()
        self._process = self._start()

    def stop(self) -> None:
        """End it for good."""
        self._process.stop()

    def _start(self) -> Process:
        port = self.url.rpartition(":")[2]
        environment = environment_of(self._settings)
        process = Process(server(port), environment, self._folder / "serve.log")
        process.wait_for(self.url)
        return process


class Pad(Visitor):
    """A seated device."""

    def __init__(self, url: str, live: str, card: dict[str, Any]) -> None:
        super().__init__(url)
        self.number: int = card["number"]
        self.live = live
        self.see(f"/pad/join/{card['code']}")
        self.send(f"/pad/join/{card['code']}", {"leading_post": "no"})

    def look(self) -> dict[str, Any]:
        self._browser.close()  # a connection from before a power cut is dead
        view: dict[str, Any] = self.see(f"/pad/{self.live}/view.json").json()
        self.csrf = view["csrf_token"]
        return view

    def speak(self, language: str) -> None:
        """Take the answers of a language from now on."""
        self._browser.cookies.set("lang", language)

    def post(self, **ballot: object) -> requests.Response:
        headers = {**JSON, "X-CSRFToken": self.csrf}
        address = f"{self.url}/pad/{self.live}/vote"
        return self._browser.post(address, json=ballot, headers=headers, timeout=10)


def in_chinese(answer: requests.Response) -> str:
    """Return what is left in Chinese of an answer that was asked for in English."""
    told = answer.json()
    assert told["what"]
    assert told["remedy"]
    return " ".join(CHINESE.findall(told["what"] + told["remedy"]))


@pytest.fixture
def operator(database: Database, serve_app: ServeApp) -> Operator:
    a_county(database)
    return an_operator(serve_app(database))


@pytest.fixture
def power_socket(database: Database, tmp_path: Path) -> Iterator[PowerSocket]:
    a_county(database)
    socket = PowerSocket(database, tmp_path)
    yield socket
    socket.stop()


@pytest.mark.on_sqlite
def test_looking_at_a_card_takes_no_seat_and_asking_twice_for_it_is_harmless(
    operator: Operator,
) -> None:
    (card,) = cards(operator, retired_cadre=1)
    preview = Visitor(operator.url)
    preview.see(f"/pad/join/{card['code']}")
    (card,) = cards(operator, retired_cadre=1)
    assert not card["taken"]
    pad = Pad(operator.url, operator.live, card)
    again = pad.send(f"/pad/join/{card['code']}", {"leading_post": "no"})
    assert again.url.endswith(f"/pad/{operator.live}")


@pytest.mark.on_sqlite
def test_a_stranger_neither_sees_nor_votes(operator: Operator) -> None:
    cards(operator, retired_cadre=1)
    stranger = requests.get(f"{operator.url}/pad/{operator.live}/view.json", timeout=10)
    assert stranger.status_code == 403
    assert "席位" in stranger.json()["what"]
    forged = {"evalsys_seat": "a" * 43, "lang": "en"}
    refused = requests.get(
        f"{operator.url}/pad/{operator.live}/view.json", cookies=forged, timeout=10
    )
    assert (refused.status_code, in_chinese(refused)) == (403, "")
    page = requests.get(f"{operator.url}/pad/{operator.live}", timeout=10)
    assert page.url.endswith("/pad/")


@pytest.mark.on_sqlite
def test_seats_and_cards_are_for_the_operator_only(operator: Operator) -> None:
    cards(operator, retired_cadre=1)
    for path in ("", "/cards"):
        address = f"{operator.url}/seats/{operator.live}{path}"
        assert requests.get(address, headers=JSON, timeout=10).status_code == 401


@pytest.mark.on_sqlite
def test_seats_that_cannot_be_read_are_refused_and_no_code_is_told(operator: Operator) -> None:
    headers = {
        **JSON,
        "Content-Type": "application/json",
        "X-CSRFToken": operator.csrf,
        "Cookie": operator.cookies,
    }
    address = f"{operator.url}/seats/{operator.live}"
    for body in UNREADABLE:
        answer = requests.post(address, data=body, headers=headers, timeout=10)
        assert (body[:30], answer.status_code) == (body[:30], 400)
        assert answer.json()["code"] == "invalid_input"
    assert operator.tell(address.removeprefix(operator.url), {})["seats"] == []


@pytest.mark.on_sqlite
def test_codes_told_to_a_program_are_in_the_audit_log_too(
    operator: Operator, database: Database
) -> None:
    cards(operator, retired_cadre=1)
    cards(operator)
    with database.read() as db:
        told = [line.action for line in audit.entries(db) if line.action == "seats.print"]
    assert told == ["seats.print", "seats.print"]


@pytest.mark.on_sqlite
def test_a_malformed_vote_is_refused_with_a_remedy(operator: Operator) -> None:
    pad = Pad(operator.url, operator.live, cards(operator, retired_cadre=1)[0])
    until_called(operator)
    operator.do("open_vote")
    pad.look()
    ballot: dict[str, object] = {"j": 1, "opening": 1, "choice": "satisfied", "revision": 1}
    for wrong in WRONG:
        answer = pad.post(**{**ballot, **wrong})
        assert (wrong, answer.status_code) == (wrong, 400)
        assert answer.json()["remedy"]
    pad.speak("en")
    assert [
        found for wrong in WRONG if (found := in_chinese(pad.post(**{**ballot, **wrong})))
    ] == []
    assert pad.look()["own"]["choice"] is None


@pytest.mark.on_sqlite
def test_a_vote_without_the_pages_token_is_refused(operator: Operator) -> None:
    pad = Pad(operator.url, operator.live, cards(operator, retired_cadre=1)[0])
    until_called(operator)
    operator.do("open_vote")
    pad.csrf = "forged"
    answer = pad.post(j=1, opening=1, choice="satisfied", revision=1)
    assert answer.json()["code"] == "csrf"
    assert pad.look()["own"]["choice"] is None


@pytest.mark.on_sqlite
def test_the_media_name_but_do_not_vote_and_what_comes_late_is_refused_in_each_language(
    operator: Operator,
) -> None:
    seat, media = (
        Pad(operator.url, operator.live, card) for card in cards(operator, retired_cadre=1, media=1)
    )
    until_called(operator)
    operator.do("open_vote")
    ballot: dict[str, object] = {"j": 1, "opening": 1, "choice": "satisfied", "revision": 1}
    for pad in (seat, media):
        pad.look()
    assert "不参加投票" in media.post(**ballot).json()["what"]
    assert seat.post(**ballot).ok
    assert seat.post(**ballot).ok, "a second click of the same press"
    operator.do("close_vote")
    late = seat.post(**{**ballot, "revision": 2})
    assert (late.status_code, "没有计入" in late.json()["what"]) == (409, True)
    for pad, printed in ((seat, ""), (media, "媒体")):  # the name of a seat is as on its card
        pad.speak("en")
        assert in_chinese(pad.post(**{**ballot, "revision": 3})) == printed
    votes = operator.look()["round"]["votes"]
    assert votes == {"satisfied": 1, "basically_satisfied": 0, "not_satisfied": 0, "seats": 1}


@pytest.mark.on_sqlite
def test_no_picture_shows_a_count_before_the_close(operator: Operator) -> None:
    pad = Pad(operator.url, operator.live, cards(operator, retired_cadre=1)[0])
    until_called(operator)
    operator.do("open_vote")
    pad.look()
    pad.post(j=1, opening=1, choice="satisfied", revision=1)
    public = requests.get(f"{operator.url}/live/{operator.live}/view.json", timeout=10).json()
    assert public["round"]["votes"] is None
    assert operator.look()["round"]["votes"] is None
    assert set(pad.look()["own"]) == {"j", "opening", "open", "choice", "revision"}


def test_each_acknowledged_vote_is_counted_once_although_the_power_fails(
    power_socket: PowerSocket,
) -> None:
    operator = an_operator(power_socket.url)
    seats = cards(operator, mass_representative=24)
    pads = [Pad(operator.url, operator.live, card) for card in seats]
    until_called(operator)
    operator.do("open_vote")
    opening = pads[0].look()["own"]["opening"]
    for pad in pads:
        pad.look()

    def vote(pad: Pad) -> bool:
        try:
            choice = CHOICES[pad.number % 3]
            return pad.post(j=1, opening=opening, choice=choice, revision=1).ok
        except requests.RequestException:
            return False

    acknowledged: set[int] = set()
    with ThreadPoolExecutor(8) as threads:
        for _ in range(3):
            answers = [(pad.number, threads.submit(vote, pad)) for pad in pads]
            answers[4][1].result()
            power_socket.pull_the_plug()
            acknowledged |= {number for number, answer in answers if answer.result()}
    held = {pad.number for pad in pads if pad.look()["own"]["choice"]}
    assert acknowledged <= held
    operator._browser.close()
    assert all(vote(pad) for pad in pads)  # pads send again what they do not know to be kept
    operator.do("close_vote")
    assert operator.view["round"]["votes"] == {
        "satisfied": 8,
        "basically_satisfied": 8,
        "not_satisfied": 8,
        "seats": 24,
    }
