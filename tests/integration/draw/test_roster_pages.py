"""The frozen roster in public: counts, one's own line with its proof, objections and decisions."""

import re
from hashlib import sha256

import pytest
from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.draw_roster import parse_roster
from evalsys.domain.merkle import proves_inclusion
from evalsys.store.phone_box import PhoneBox
from evalsys.web.rooms import rooms
from tests.roster_rows import fill_roster
from tests.visitor import Visitor

# Decided before any database is asked, or alike in both.

PLAN = {
    "title": "名册公开",
    "rehearsal": True,
    "strata": "township",
    "slots": 2,
    "target": 5,
    "attempts": 2,
    "gap_s": 1,
    "parallel": 3,
    "objection_hours": 1,
}
ONE = "00000001"


class Hall:
    """A county of forty cadres, its operator, and a session that is planned."""

    def __init__(self, app: Flask, **plan: object) -> None:
        self.app = app
        with app.app_context():
            box = PhoneBox(bytes(range(64)), bytes(range(32)))
            with rooms().access._database.write() as db:
                fill_roster(db, box, [3, 0, 7, 5] * 10)
        self.operator = Visitor(app).sign_in_as(Role.OPERATOR)
        answer = self.operator.send("/console/plan", {**PLAN, **plan})
        self.live = answer.get_json()["live"]
        self.outsider = Visitor(app)
        self.decider = Visitor(app).sign_in_as(Role.DISCIPLINE)

    def do(self, command: str, **fields: object) -> tuple[int, dict[str, object]]:
        step = self.operator.ask(f"/console/{self.live}/view.json").get_json()["step"]
        sent = {"command": command, "expect": step, **fields}
        answer = self.operator.send(f"/console/{self.live}/do", sent)
        return answer.status_code, answer.get_json()

    def object(self, **form: str) -> int:
        usual = {"cadre": ONE, "kind": "wrong_stratum", "said": ""}
        answer = self.outsider.post(f"/draw/{self.live}/objections", **{**usual, **form})
        return answer.status_code

    def decide(self, n: int, decision: str, reason: str = "与任免文件核对") -> int:
        path = f"/draw/{self.live}/objections/{n}"
        return self.decider.post(path, decision=decision, reason=reason).status_code


@pytest.fixture
def hall(app: Flask) -> Hall:
    hall = Hall(app)
    assert hall.do("freeze")[0] == 200
    return hall


def test_before_the_freeze_the_pages_say_so(app: Flask) -> None:
    hall = Hall(app)
    for page in ("", "/line", "/objections"):
        assert hall.outsider.get(f"/draw/{hall.live}{page}").status_code == 200
    assert "还没有冻结" in hall.outsider.get(f"/draw/{hall.live}").text
    assert hall.outsider.get(f"/draw/{hall.live}/line", cadre=ONE).status_code == 404
    assert hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").status_code == 404
    assert hall.object() == 409


def test_counts_of_strata_and_units_are_those_of_the_file(hall: Hall) -> None:
    page = hall.outsider.get(f"/draw/{hall.live}").text
    file = hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").data
    roster = parse_roster(file)
    assert sha256(file).hexdigest() in page
    rows = re.findall(r"<code>(T[0-9]{2})</code></td><td>(\w+)</td><td[^>]*>(\d+)", page)
    assert {stratum: int(n) for stratum, _, n in rows} == dict(roster.strata)
    assert re.search(r"<td>县水利局</td><td class=\"num\">40</td><td class=\"num\">150</td>", page)


def test_a_line_is_shown_with_a_proof_that_anybody_can_check(hall: Hall) -> None:
    roster = parse_roster(hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").data)
    for cadre in (ONE, "00000021", "00000040"):
        told = hall.outsider.get(f"/draw/{hall.live}/line.json", cadre=cadre).get_json()
        path = [bytes.fromhex(step) for step in told["path"]]
        root = bytes.fromhex(roster.root)
        line = told["line"].encode()
        assert proves_inclusion(line, told["index"], told["size"], path, root)
        assert told["stratum_name"].startswith("T")
        assert told["leaf"] == sha256(b"\0" + line).hexdigest()
        assert not proves_inclusion(line + b" ", told["index"], told["size"], path, root)


def test_a_number_that_is_none_is_refused_in_words(hall: Hall) -> None:
    refused = {"00000099": 404, "1": 400, "\uff10" * 8: 400, "' OR 1": 400, "0000000\uff11": 400}
    for typed, status in refused.items():
        answer = hall.outsider.get(f"/draw/{hall.live}/line", cadre=typed)
        assert answer.status_code == status, typed
        assert "干部编号" in answer.text


def test_an_objection_keeps_the_manifest_back_until_discipline_decides(hall: Hall) -> None:
    assert hall.object(said="应在乙镇") == 303
    page = hall.outsider.get(f"/draw/{hall.live}/objections").text
    assert "待处理" in page
    assert "应在乙镇" not in page
    assert "应在乙镇" in hall.decider.get(f"/draw/{hall.live}/objections").text
    status, body = hall.do("publish")
    assert (status, "没有处理" in str(body["what"])) == (409, True)
    assert hall.decide(1, "dismissed") == 303
    assert hall.decide(1, "upheld") == 409
    assert "与任免文件核对" in hall.outsider.get(f"/draw/{hall.live}/objections").text


def test_an_upheld_objection_leads_to_another_roster_with_fresh_roots(hall: Hall) -> None:
    first = hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").data
    assert hall.object() == 303
    assert hall.do("freeze")[0] == 409
    assert hall.decide(1, "upheld") == 303
    assert hall.do("publish")[0] == 409
    assert hall.do("freeze")[0] == 200
    second = hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").data
    assert first != second
    assert sha256(first).hexdigest() in hall.outsider.get(f"/draw/{hall.live}").text
    assert hall.do("freeze")[0] == 409


def test_only_discipline_decides_and_with_a_reason(hall: Hall) -> None:
    assert hall.object() == 303
    path = f"/draw/{hall.live}/objections/1"
    for role in (Role.OPERATOR, Role.AUDITOR, Role.PERSONNEL, Role.HOST):
        somebody = Visitor(hall.app).sign_in_as(role)
        assert somebody.post(path, decision="dismissed", reason="x").status_code == 403
    assert hall.outsider.post(path, decision="dismissed", reason="x").status_code == 401
    assert hall.decide(1, "dismissed", "  ") == 400
    assert hall.decide(1, "perhaps") == 400
    assert hall.decide(7, "dismissed") == 404
    assert hall.decide(1, "dismissed") == 303


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"cadre": "x"}, 400),
        ({"cadre": "00000099"}, 400),
        ({"kind": "missing"}, 400),
        ({"kind": "envy"}, 400),
        ({"said": "长" * 201}, 400),
        ({"said": "a\u202eb"}, 400),
        ({"cadre": "00000099", "kind": "missing"}, 303),
    ],
)
def test_an_objection_that_fits_nothing_is_refused(
    hall: Hall, form: dict[str, str], status: int
) -> None:
    assert hall.object(**form) == status


def test_a_flood_of_objections_from_one_address_ends(hall: Hall) -> None:
    answers = [hall.object(cadre=f"{i:08}") for i in range(1, 8)]
    assert answers == [303] * 5 + [429] * 2


def test_without_a_window_nobody_can_object(app: Flask) -> None:
    hall = Hall(app, objection_hours=0)
    hall.do("freeze")
    assert hall.object() == 409
    assert "<textarea" not in hall.outsider.get(f"/draw/{hall.live}/objections").text
    assert hall.do("publish")[0] == 200
    assert hall.do("publish")[0] == 409
    assert hall.do("freeze")[0] == 409


def test_exclusions_are_entered_by_number_and_errors_name_the_line(app: Flask) -> None:
    hall = Hall(app, objection_hours=0, slots=40)
    hall.do("freeze")
    for cadres, place in (
        ("00000001\n12", "第 2 行"),
        ("00000001\n\n00000001", "第 3 行"),
        ("00000001\n00000099", "编号 00000099"),
        ("", "cadres"),
    ):
        status, body = hall.do("exclude", cadres=cadres, reason="on_leave")
        assert (status, body["place"]) == (400, place)
    assert hall.do("exclude", cadres="00000001", reason="drawn_within_180d")[0] == 400
    assert hall.do("exclude", cadres="00000001", reason="friendship")[0] == 400
    assert hall.do("exclude", cadres="00000001\n 00000002 \n", reason="on_leave")[0] == 200
    assert hall.do("withdraw_exclusion", cadre="00000002")[0] == 200
    status, body = hall.do("publish")
    assert (status, "可抽取的只有" in str(body["what"])) == (400, True)
    assert hall.do("withdraw_exclusion", cadre="00000001")[0] == 200
    assert hall.do("publish")[0] == 200
    assert hall.do("exclude", cadres="00000003", reason="on_leave")[0] == 409


def test_nothing_of_a_session_is_deleted(hall: Hall) -> None:
    for path in ("/live/{}", "/console/{}", "/stage/{}", "/draw/{}", "/draw/{}/objections"):
        answer = hall.operator.client.delete(path.format(hall.live))
        assert answer.status_code == 409, path
        assert "不能删除" in answer.get_json()["what"]
        assert hall.operator.client.put(path.format(hall.live)).status_code in {400, 405}


def test_weights_of_the_plan_stand_in_the_roster_and_wrong_ones_are_refused(app: Flask) -> None:
    hall = Hall(app, weigh_by="grid_class", weights={"": 3})
    hall.do("freeze")
    roster = parse_roster(hall.outsider.get(f"/draw/{hall.live}/roster.jsonl").data)
    assert {one.weight for one in roster.cadres} == {3}
    assert "× 3" in hall.outsider.get(f"/draw/{hall.live}").text
    for wrong in ({"A": 9}, {"A": 0}, {"D": 2}, {"A": "two"}, [1], "x"):
        plan = {**PLAN, "weigh_by": "grid_class", "weights": wrong}
        assert hall.operator.send("/console/plan", plan).status_code == 400


@pytest.mark.parametrize("strata", ["uniform", "township", "unit", "grid_class", "rank"])
def test_every_division_draws_to_the_end_with_names(app: Flask, strata: str) -> None:
    hall = Hall(app, objection_hours=0, strata=strata)
    for command in ("freeze", "publish", "open_ceremony", "roll_master"):
        assert hall.do(command)[0] == 200
    on_stage = hall.do("draw_next")[1]["round"]
    assert isinstance(on_stage, dict)
    assert on_stage["stratum_name"].endswith(f"（{on_stage['stratum']}）")
    assert hall.do("draw_next")[0] == 409


def test_after_an_abort_the_next_attempt_continues_from_the_sealed_last_line(app: Flask) -> None:
    hall = Hall(app, objection_hours=0)
    for command in ("freeze", "publish", "open_ceremony", "roll_master", "draw_next"):
        assert hall.do(command)[0] == 200
    first = hall.live
    drawn = hall.do("abort", reason="power_failure")[1]["round"]
    assert isinstance(drawn, dict)
    assert hall.do("draw_next")[0] == hall.do("open_ceremony")[0] == 409
    assert hall.do("abort", reason="boredom")[0] == 400

    hall.live = hall.operator.send("/console/plan", PLAN | {"objection_hours": 0}).get_json()[
        "live"
    ]
    assert hall.do("freeze")[0] == 200
    status, body = hall.do("publish")
    assert (status, "还没有封存" in str(body["what"])) == (409, True)
    second, hall.live = hall.live, first
    head = hall.do("seal")[1]["head"]
    hall.live = second
    assert hall.do("publish")[0] == 200
    manifest = hall.outsider.ask(f"/live/{second}/bundle/manifest.json").get_json()
    assert (manifest["attempt"], manifest["prev_head"]) == (2, head)
    transcript = hall.outsider.ask(f"/live/{first}/bundle/transcript.jsonl").text
    assert f'"cadre":"{drawn["cadre"]}"' in transcript
    assert '"type":"abort"' in transcript
