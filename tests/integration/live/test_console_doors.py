"""The console's doors as a hostile program tries them: refused in words, never broken."""

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


@pytest.mark.parametrize(
    ("field", "value"),
    [
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
    ],
)
def test_a_plan_with_a_field_of_the_wrong_kind_is_refused(
    operator: Visitor, field: str, value: object
) -> None:
    answer = operator.send("/console/plan", {**PLAN, "slots": 1, field: value})
    assert answer.status_code == 400
    assert answer.json is not None
    assert answer.json["code"] == "invalid_input"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"expect":' + b"9" * 9999 + b"}"]
)
def test_a_command_that_is_no_json_object_is_refused(operator: Visitor, body: bytes) -> None:
    live = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    headers = {"X-CSRFToken": operator.csrf(), "Content-Type": "application/json"}
    answer = operator.client.post(f"/console/{live}/do", data=body, headers=headers)
    assert answer.status_code == 400


def test_a_plan_says_plainly_whether_it_is_a_rehearsal(operator: Visitor) -> None:
    real = {**PLAN, "slots": 1, "gap_s": 90}
    for said, meant in ((True, True), ("on", True), (False, False), ("false", False)):
        live = operator.send("/console/plan", {**real, "rehearsal": said}).get_json()["live"]
        assert operator.ask(f"/live/{live}/view.json").get_json()["rehearsal"] is meant


@pytest.mark.parametrize("nobodys", NOBODYS)
def test_a_session_that_does_not_exist_is_not_found_in_any_room(
    operator: Visitor, nobodys: str
) -> None:
    for room in ROOMS:
        assert operator.ask(room.format(nobodys)).status_code == 404, room
    command = {"command": "freeze", "expect": 1}
    assert operator.send(f"/console/{nobodys}/do", command).status_code == 404


@pytest.mark.parametrize(
    "command",
    ["open_ceremony", "open_calls", "stop_dialling", "open_vote", "close_vote", "close", "seal"],
)
def test_a_step_before_its_time_is_refused_with_the_phase_that_it_needs(
    operator: Visitor, command: str
) -> None:
    live = operator.send("/console/plan", {**PLAN, "slots": 1}).get_json()["live"]
    answer = operator.send(f"/console/{live}/do", {"command": command, "expect": 1})
    assert answer.status_code == 409
    assert answer.get_json()["code"] == "wrong_phase"
    assert "阶段" in answer.get_json()["remedy"]
