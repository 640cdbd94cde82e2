"""The panel's pages as the staff meet them: list, cards, doors, paper, and who may open them."""

import re
from urllib.parse import urlsplit

import pytest
import segno
from flask import Flask
from werkzeug.test import TestResponse

from evalsys.domain.access import Role
from evalsys.ids import LiveId, new_id
from evalsys.web.rooms import rooms
from tests.panel_hall import PLAN
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite
HEADER = "姓名\t类别\t单位\t担任领导职务\n"


class Hall:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.operator = Visitor(app).sign_in_as(Role.OPERATOR)
        self.recorder = Visitor(app).sign_in_as(Role.RECORDER)
        self.live = self.operator.send("/console/plan", PLAN).get_json()["live"]

    def scan(self, number: int, at: str = "2026-11-26T09:00:00+08:00") -> dict[str, object]:
        """What a door makes of a printed card."""
        with self.app.app_context(), self.app.test_request_context():
            seat = rooms().score.seats(LiveId(self.live))[number - 1]
            signature = rooms().check_in.sign_card(seat)
        card = {"seat": number, "issue": seat.issue, "code": seat.code, "signature": signature}
        return {**card, "id": new_id(), "at": at}

    def hand_in(self, door: str, *scans: dict[str, object], **wrong: object) -> TestResponse:
        body = {"device": door, "clock": scans[0]["at"], "scans": scans, **wrong}
        return self.recorder.send(f"/door/{self.live}/scans", body)


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(app)


def test_a_list_is_pasted_cards_are_printed_and_scanned_at_two_doors(hall: Hall) -> None:
    seats = f"/seats/{hall.live}"
    hall.operator.post(seats, peoples_deputy="2", media="1")
    pasted = (
        HEADER
        + "张一\t人大代表\t沂城街道\t否\n王二\t人大代表\t沂城街道\t否\n李三\t媒体\t报社\t否\n"
    )
    refused = hall.operator.post(f"{seats}/list", list=pasted + "赵局长\t党代表\t某局\t是\n")
    assert (refused.status_code, "不能进入评议团" in refused.text) == (400, True)
    assert hall.operator.post(f"{seats}/list", list=pasted).status_code == 303
    cards = hall.recorder.get(f"{seats}/cards").text
    assert re.findall(r'class="seat-who">(.+?)<', cards) == ["张一", "王二", "李三"]

    first = hall.scan(1)
    told = hall.hand_in("东门", first)
    assert told.get_json()["kept"] == [first["id"]]
    second = {**first, "id": new_id(), "at": "2026-11-26T09:05:00+08:00"}
    answer = hall.hand_in("西门", second, {**second, "id": new_id(), "seat": 2}).get_json()
    assert len(answer["forged"]) == 1
    assert [one["admission"] for one in answer["scans"]] == ["admitted", "double"]
    page = hall.recorder.get(seats).text
    assert "同一张卡用了两次" in page
    assert "东门" in page
    assert hall.recorder.post(f"{seats}/1/reserve").status_code == 409
    assert hall.recorder.post(f"{seats}/list", list=pasted).status_code == 403


def test_the_cards_qr_leads_phones_to_the_pad_and_doors_to_the_signature(hall: Hall) -> None:
    hall.operator.post(f"/seats/{hall.live}", retired_cadre="1")
    card = hall.scan(1)
    picture = hall.operator.get(f"/seats/{hall.live}/cards").text
    with hall.app.app_context():
        address = f"{hall.app.config['PUBLIC_URL']}/pad/join/{card['code']}#1.1.{card['signature']}"
    drawn = segno.make_qr(address, error="m")
    expected = drawn.svg_data_uri(border=4, xmldecl=False, svgclass=None, lineclass=None)
    assert expected.replace("'", "&#39;") in picture or expected in picture
    assert Visitor(hall.app).get(urlsplit(address).path).status_code == 200


WRONG: tuple[dict[str, object], ...] = (
    {"device": ""},
    {"device": 7},
    {"device": "x" * 41},
    {"clock": "yesterday"},
    {"clock": "0001-01-01T00:00:00+00:00"},
    {"clock": "2026-11-26T09:00:00"},
    {"scans": None},
    {"scans": [None]},
    {"scans": [{}] * 201},
    {"scans": [{"seat": True}]},
)


def test_what_no_door_would_send_is_refused_with_words(hall: Hall) -> None:
    hall.operator.post(f"/seats/{hall.live}", retired_cadre="1")
    scan = hall.scan(1)
    for wrong in WRONG:
        answer = hall.hand_in("东门", scan, **wrong)
        assert answer.status_code == 400, wrong
        assert answer.get_json()["remedy"]


def test_doors_and_paper_are_for_the_staff_alone(hall: Hall) -> None:
    for path in (f"/door/{hall.live}", f"/door/{hall.live}/worker.js", f"/paper/{hall.live}"):
        assert hall.recorder.get(path).status_code == 200
        assert Visitor(hall.app).sign_in_as(Role.HOST).get(path).status_code == 403
        assert hall.recorder.get(path.replace(hall.live, "0" * 32)).status_code == 404
    answer = hall.recorder.post(f"/paper/{hall.live}/slips", slips="1")
    assert (answer.status_code, "没有开放的表决" in answer.text) == (409, True)
    wrong = hall.recorder.post(f"/paper/{hall.live}/seats", seats="3-1")
    assert (wrong.status_code, "不是席位号" in wrong.text) == (400, True)
