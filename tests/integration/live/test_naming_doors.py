"""Naming and programmes at the doors, as a hostile program tries them: refused in words."""

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.store.database import Database
from tests.live_hall import PLAN
from tests.panel_hall import a_county
from tests.roster_rows import number_of
from tests.visitor import Visitor

REASON = "12345 hotline: asked three times, no answer"

pytestmark = pytest.mark.on_sqlite


@pytest.fixture
def operator(app: Flask, database: Database) -> Visitor:
    a_county(database)
    return Visitor(app).sign_in_as(Role.OPERATOR)


def planned(operator: Visitor) -> str:
    told = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()
    return str(told["live"])


def do(operator: Visitor, live: str, command: str, **fields: object) -> tuple[int, str]:
    step = operator.ask(f"/console/{live}/view.json").get_json()["step"]
    answer = operator.send(f"/console/{live}/do", {"command": command, "expect": step} | fields)
    told = answer.get_json()
    return answer.status_code, str(told.get("code", ""))


def until_seeded(operator: Visitor, live: str) -> None:
    for command in ("freeze", "publish", "open_ceremony"):
        assert do(operator, live, command)[0] == 200
    assert do(operator, live, "roll_master", digits="", again="")[0] == 200


def seated(operator: Visitor, live: str, category: str = "media") -> Visitor:
    seats = operator.send(f"/seats/{live}", {category: 1}).get_json()["seats"]
    card = next(seat for seat in seats if seat["category"] == category)
    device = Visitor(operator.app)
    device.get(f"/pad/join/{card['code']}")
    device.post(f"/pad/join/{card['code']}", leading_post="no")
    return device


def test_a_proposal_of_the_wrong_shape_is_refused(operator: Visitor) -> None:
    live = planned(operator)
    until_seeded(operator, live)
    reporter = seated(operator, live)
    for body in (
        {},
        {"cadre": 1, "reason": REASON},
        {"cadre": [number_of(0)], "reason": REASON},
        {"cadre": None, "reason": None},
        {"cadre": number_of(0)},
        {"cadre": number_of(0), "reason": {"a": 1}},
        {"cadre": number_of(0), "reason": "\ud800"},
        {"cadre": "0" * 100_000, "reason": REASON},
        {"cadre": number_of(0), "reason": "路" * 100_000},
        {"cadre": "'; DROP TABLE naming_proposals; --", "reason": REASON},
    ):
        answer = reporter.send(f"/pad/{live}/propose", body)
        assert answer.status_code == 400, body
        assert answer.get_json()["what"], body
        assert operator.ask(f"/console/{live}/house.json").get_json()["proposals"] == [], body


def test_only_a_seat_of_this_session_proposes_and_only_the_desk_sees_it(
    operator: Visitor,
) -> None:
    live, other = planned(operator), planned(operator)
    until_seeded(operator, live)
    body = {"cadre": number_of(0), "reason": REASON}
    stranger = Visitor(operator.app)
    assert stranger.send(f"/pad/{live}/propose", body).status_code == 403
    assert operator.send(f"/pad/{live}/propose", body).status_code == 403
    elsewhere = seated(operator, other)
    assert elsewhere.send(f"/pad/{live}/propose", body).status_code == 403
    reporter, deputy = seated(operator, live), seated(operator, live, "peoples_deputy")
    bare = reporter.client.post(f"/pad/{live}/propose", json=body)
    assert bare.status_code in {400, 403}  # without the page's token
    assert reporter.send(f"/pad/{live}/propose", body).status_code == 200
    assert REASON in reporter.ask(f"/pad/{live}/view.json").text
    for page in (f"/live/{live}/view.json", f"/live/{live}", f"/stage/{live}"):
        assert REASON not in stranger.ask(page).text
    assert REASON not in deputy.ask(f"/pad/{live}/view.json").text
    assert stranger.ask(f"/console/{live}/house.json").status_code in {401, 403}


def test_only_the_operator_takes_names_and_dismisses(operator: Visitor) -> None:
    live = planned(operator)
    until_seeded(operator, live)
    seated(operator, live).send(f"/pad/{live}/propose", {"cadre": number_of(0), "reason": REASON})
    (one,) = operator.ask(f"/console/{live}/house.json").get_json()["proposals"]
    host = Visitor(operator.app).sign_in_as(Role.HOST)
    assert host.ask(f"/console/{live}/house.json").get_json()["proposals"] == [one]
    for command in (
        {"command": "take_proposal", "proposal": one["id"], "expect": 1},
        {"command": "dismiss_proposal", "proposal": one["id"], "why": "不", "expect": 1},
        {"command": "name_cadre", "cadre": number_of(1), "by": "chair", "expect": 1},
    ):
        assert host.send(f"/console/{live}/do", command).status_code == 403
    assert do(operator, live, "take_proposal", proposal="0" * 32) == (404, "not_found")
    assert do(operator, live, "take_proposal", proposal=[one["id"]])[0] == 400
    assert do(operator, live, "take_proposal", proposal=one["id"])[0] == 200
    assert do(operator, live, "take_proposal", proposal=one["id"])[0] == 409


def test_a_naming_of_the_wrong_shape_is_refused_and_changes_nothing(operator: Visitor) -> None:
    live = planned(operator)
    until_seeded(operator, live)
    before = operator.ask(f"/live/{live}/view.json").get_json()["seq"]
    for fields, status in (
        ({"cadre": number_of(1), "by": "nobody", "who": "甲", "reason": REASON}, 400),
        ({"cadre": number_of(1), "by": "chair", "who": "", "reason": REASON}, 400),
        ({"cadre": number_of(1), "by": "chair", "who": "主持人", "reason": ""}, 400),
        ({"cadre": 1, "by": "chair", "who": "主持人", "reason": REASON}, 400),
        ({"cadre": "99999999", "by": "chair", "who": "主持人", "reason": REASON}, 409),
        ({"by": "chair"}, 400),
    ):
        assert do(operator, live, "name_cadre", **fields)[0] == status, fields
        assert operator.ask(f"/live/{live}/view.json").get_json()["seq"] == before, fields


def test_a_hearing_of_programmes_that_cannot_be_is_refused(operator: Visitor) -> None:
    for fields in (
        {"kind": "programme"},
        {"kind": "programme", "programmes": []},
        {"kind": "programme", "programmes": "90000001"},
        {"kind": "programme", "programmes": [90000001]},
        {"kind": "programme", "programmes": ["90000001"] * 2},
        {"kind": "programme", "programmes": ["90000001"]},
        {"kind": "programme", "programmes": [number_of(0)]},
        {"kind": "village", "programmes": ["90000001"]},
        {"kind": ["programme"]},
        {"kind": "cadre", "strata": "programme"},
    ):
        answer = operator.send("/console/plan", {**PLAN, "slots": 1, **fields})
        assert answer.status_code == 400, fields
        assert answer.get_json()["code"] == "invalid_input", fields
