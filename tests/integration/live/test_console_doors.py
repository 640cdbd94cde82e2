"""The console's doors as a hostile program tries them: refused in words, never broken."""

import re

import pytest

from evalsys.domain.access import Role
from tests.live_hall import PLAN
from tests.visitor import Visitor

NOBODYS = ("0" * 32, "x", "%0a", "%ff", "A" * 32, "a" * 5000)
"""Addresses of sessions that do not exist, most of which never could."""
ROOMS = (
    "/console/{}",
    "/console/{}/view.json",
    "/console/{}/house.json",
    "/stage/{}",
    "/live/{}",
    "/live/{}/view.json",
    "/live/{}/qr.svg",
    "/live/{}/bundle.zip",
    "/live/{}/bundle/manifest.json",
    "/seats/{}",
)


@pytest.fixture
def operator(visitor: Visitor) -> Visitor:
    return visitor.sign_in_as(Role.OPERATOR)


WRONG: tuple[tuple[str, object], ...] = (
    ("rehearsal", [True]),
    ("rehearsal", {}),
    ("rehearsal", "yes"),
    ("rehearsal", None),
    ("slots", "9" * 5000),
    ("slots", 10**30),
    ("slots", -1),
    ("slots", "²"),
    ("slots", 1.5),
    ("slots", True),
    ("strata", []),
    ("title", 5),
    ("title", "大" * 1_000_000),
    ("title", "大会\x00"),
)
NO_OBJECT = (
    *(b"", b"{", b"[]", b"null", b"\xff"),
    *(b"[" * 100_000, b'{"expect":' + b"9" * 9999 + b"}"),
)


def test_a_plan_with_a_field_of_the_wrong_kind_is_refused(operator: Visitor) -> None:
    for field, value in WRONG:
        answer = operator.send("/console/plan", {**PLAN, "slots": 1, field: value})
        assert answer.status_code == 400, field
        assert answer.json is not None
        assert answer.json["code"] == "invalid_input", field


def test_a_command_that_is_no_json_object_is_refused(operator: Visitor) -> None:
    live = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    headers = {"X-CSRFToken": operator.csrf(), "Content-Type": "application/json"}
    for body in NO_OBJECT:
        answer = operator.client.post(f"/console/{live}/do", data=body, headers=headers)
        assert answer.status_code == 400, body[:20]


def test_a_plan_says_plainly_whether_it_is_a_rehearsal(operator: Visitor) -> None:
    real = {**PLAN, "slots": 1, "gap_s": 90}
    for said, meant in ((True, True), ("on", True), (False, False), ("false", False)):
        live = operator.send("/console/plan", {**real, "rehearsal": said}).get_json()["live"]
        assert operator.ask(f"/live/{live}/view.json").get_json()["rehearsal"] is meant


def test_a_session_that_does_not_exist_is_not_found_in_any_room(operator: Visitor) -> None:
    for nobodys in NOBODYS:
        for room in ROOMS:
            assert operator.ask(room.format(nobodys)).status_code == 404, room
        command = {"command": "freeze", "expect": 1}
        assert operator.send(f"/console/{nobodys}/do", command).status_code == 404, nobodys


def test_a_step_before_its_time_is_refused_with_the_phase_that_it_needs(
    operator: Visitor,
) -> None:
    live = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    for command in (
        *("open_ceremony", "open_calls", "stop_dialling", "open_vote", "close_vote"),
        *("close", "seal"),
    ):
        answer = operator.send(f"/console/{live}/do", {"command": command, "expect": 1})
        assert answer.status_code == 409, command
        assert answer.get_json()["code"] == "wrong_phase"
        assert "阶段" in answer.get_json()["remedy"]
    refused = operator.send(f"/console/{live}/do?lang=en", {"command": "seal", "expect": 1})
    assert refused.get_json()["what"].endswith(
        "is not possible now: the session is in phase “Planned”."
    )
    lines = operator.ask(f"/desk/{live}/ready.json").get_json()["checks"]
    in_chinese = [
        one["name"] for one in lines if re.search("[\u4e00-\u9fff]", one["says"] + one["remedy"])
    ]
    assert in_chinese == []
