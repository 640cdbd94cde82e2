"""The director's desk through its doors: two directors, two keys, late web, and nonsense."""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from evalsys.app import create_app
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.web.rooms import rooms
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.live_hall import PLAN
from tests.processes import NO_LINE
from tests.roster_rows import fill_roster
from tests.visitor import PASSWORD, Visitor


class Desk:
    """One person at a desk of one session."""

    def __init__(self, app: Flask, live: str, role: Role, name: str = "") -> None:
        self.live = live
        self.visitor = Visitor(app)
        if name:
            with app.app_context():
                rooms().access.add(name, role, PASSWORD, actor="test")
            self.visitor.sign_in(name)
        else:
            self.visitor.sign_in_as(role)

    def act(self, act: object, **fields: object) -> dict[str, Any]:
        return self._sent("act", {"act": act, **fields})

    def go(self, command: str, **fields: object) -> dict[str, Any]:
        """GO, once the second after the last step is over."""
        while True:
            answer = self._sent("go", {"command": command, "expect": self.view["step"], **fields})
            if "GO 至少相隔" not in str(answer.get("remedy")):
                return answer
            time.sleep(0.05)

    def do(self, command: str, **fields: object) -> dict[str, Any]:
        body = {"command": command, "expect": self.view["step"], **fields}
        return self._json(self.visitor.send(f"/console/{self.live}/do", body))

    @property
    def view(self) -> dict[str, Any]:
        return self._json(self.visitor.ask(f"/console/{self.live}/view.json"))

    def _sent(self, where: str, body: dict[str, object]) -> dict[str, Any]:
        return self._json(self.visitor.send(f"/desk/{self.live}/{where}", body))

    @staticmethod
    def _json(answer: Any) -> dict[str, Any]:  # noqa: ANN401 - werkzeug's TestResponse
        found: dict[str, Any] = answer.get_json()
        return found


@pytest.fixture
def live(app: Flask, database: Database, tmp_path: Path) -> str:
    """A rehearsal with two keys, its manifest published."""
    settings = some_settings("sqlite://", tmp_path)
    box = PhoneBox(settings.phone_key, settings.index_key)
    with database.write() as db:
        fill_roster(db, box, [6] * 4)
    first = Visitor(app).sign_in_as(Role.OPERATOR)
    plan = {**PLAN, "slots": 1, "two_keys": True}
    made: str = first.send("/console/plan", plan).get_json()["live"]
    for command in ("freeze", "publish", "open_ceremony", "roll_master"):
        step = first.ask(f"/console/{made}/view.json").get_json()["step"]
        answer = first.send(f"/console/{made}/do", {"command": command, "expect": step})
        assert answer.status_code == 200, answer.text
    return made


def test_two_directors_two_keys_and_a_late_web(  # noqa: PLR0915 - one evening
    app: Flask, live: str
) -> None:
    wang, chair = Desk(app, live, Role.OPERATOR, "wang"), Desk(app, live, Role.HOST)
    li = Desk(app, live, Role.OPERATOR, "li")
    assert wang.act("take_seat", epoch=0)["desk"]["director"]["name"] == "wang"
    assert li.act("standby", step="draw_next")["code"] == "not_allowed"
    assert li.do("draw_next")["what"].startswith("导播席由 wang 执掌")
    assert chair.act("hold")["control"]["held"] is True
    assert chair.act("resume")["code"] == "not_allowed"
    assert wang.act("resume")["control"]["held"] is False

    assert "待命" in wang.go("draw_next")["what"]
    assert "两人同意" in wang.do("draw_next")["what"]
    assert wang.act("standby", step="draw_next")["desk"]["standby"]["needs_key"] is True
    assert "还缺第二把钥匙" in wang.go("draw_next")["what"]
    assert "同一人" in wang.act("turn_key", step="draw_next")["what"]
    with app.app_context():
        for name in ("wang", "li"):
            rooms().access.set_person(name, "00004211", actor="test")
    assert "登记为同一人" in li.act("turn_key", step="draw_next")["what"]
    assert chair.act("turn_key", step="draw_next")["desk"]["standby"]["second_key"] == "host"

    # What GO will put on the outputs is seen beforehand, and nothing of it has happened.
    door = f"/desk/{live}/foreseen.json"
    before = wang.visitor.ask(f"/console/{live}/view.json").get_json()["phase"]
    seen = chair.visitor.ask(f"{door}?step=draw_next").get_json()
    assert (seen["phase"], seen["round"]["cadre"], before) == ("drawn", "????????", "seeded")
    refused = wang.visitor.ask(f"{door}?step=open_vote")
    assert (refused.status_code, "投票" in refused.get_json()["what"]) == (409, True)
    assert seen["round"]["eligible"] > 0, "how many are in the pot is no secret"
    previewed = ("stage", "overlay", "monitor")
    for kind, status in (*((kind, 200) for kind in previewed), ("press", 404), ("x", 404)):
        framed = wang.visitor.get(f"/desk/{live}/preview/{kind}", step="draw_next")
        assert framed.status_code == status, kind
        if status == 200:
            assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
            assert '"preview": {' in framed.text
    assert wang.visitor.ask(f"{door}?step=nothing").status_code == 400
    assert Visitor(app).ask(f"{door}?step=draw_next").status_code == 401

    assert wang.act("set_delay", seconds=600)["desk"]["delay_s"] == 600
    assert wang.go("draw_next")["phase"] == "drawn"
    with app.app_context():
        aired = rooms().screens.aired(live)  # type: ignore[arg-type]  # an id
        web, hall = rooms().aired.state(live), rooms().live.state(live)  # type: ignore[arg-type]  # an id
    assert web.version < hall.version
    assert (aired["phase"], aired["round"]) == ("seeded", None)
    assert wang.act("dump", why="画面有误")["desk"]["web_stands"] is True

    assert li.act("take_seat", epoch=0)["code"] == "stale_state"
    taken = li.act("take_seat", epoch=1)["desk"]["director"]
    assert (taken["name"], taken["taken_from"]) == ("li", "wang")
    assert wang.do("record_presence", presence="absent")["code"] == "not_allowed"
    assert li.do("record_presence", presence="absent")["phase"] == "answering"

    checks = li.visitor.ask(f"/desk/{live}/ready.json").get_json()["checks"]
    found = {one["name"]: one for one in checks}
    assert found["roster"]["grade"] == found["manifest"]["grade"] == "ok"
    assert found["lines"]["grade"] == "bad"
    assert found["lines"]["remedy"]
    li.act("confirm", item="lines", note="两路都听清")
    checks = li.visitor.ask(f"/desk/{live}/ready.json").get_json()["checks"]
    lines = next(one for one in checks if one["name"] == "lines")
    assert (lines["grade"], "li 已确认（两路都听清）" in lines["says"]) == ("ok", True)


@pytest.mark.on_sqlite
def test_a_show_that_counts_waits_until_all_is_green_or_two_people_waive_what_is_red(
    database: Database, tmp_path: Path
) -> None:
    now = [utc_now()]
    address = database.engine.url.render_as_string(hide_password=False)
    settings = replace(some_settings(address, tmp_path), telephony_url=NO_LINE)
    app = create_app(settings, now=lambda: now[0])
    with database.write() as db:
        fill_roster(db, PhoneBox(settings.phone_key, settings.index_key), [6] * 4)
    plan = {**PLAN, "slots": 1, "rehearsal": False, "gap_s": 90, "objection_hours": 24}
    planned = Visitor(app).sign_in_as(Role.OPERATOR).send("/console/plan", plan)
    live = planned.get_json()["live"]
    for command in ("freeze", "publish"):
        assert Desk(app, live, Role.OPERATOR).do(command)["phase"] == "frozen"
        now[0] += timedelta(hours=25)
    desk, auditor = Desk(app, live, Role.OPERATOR), Desk(app, live, Role.AUDITOR)
    desk.act("confirm", item="hall", note="")

    told = desk.visitor.ask(f"/desk/{live}/ready.json").get_json()
    red = [one["name"] for one in told["checks"] if one["grade"] == "bad"]
    assert told["bars"] is True
    assert {"exchange", "lines", "backup"} <= set(red)
    assert "hall" not in red
    refused = desk.do("open_ceremony")
    assert refused["code"] == "rule_violation"
    assert f"开播检查还有 {len(red)} 项不合格" in refused["what"]
    assert auditor.act("waive", check="backup", why="x")["code"] == "not_allowed"
    for name in red:
        desk.act("waive", check=name, why="两路电话改用座机")
        assert "同一人" in desk.act("second_waiver", check=name)["what"]
        waived = auditor.act("second_waiver", check=name)["desk"]["waived"][name]
        assert waived == {"by": "operator", "why": "两路电话改用座机", "second": "auditor"}
    assert desk.do("open_ceremony")["phase"] == "ceremony"
    rooms_of(app).access._database.close()


@pytest.mark.on_sqlite
def test_nonsense_is_refused_in_words_and_changes_nothing(app: Flask, live: str) -> None:
    desk = Desk(app, live, Role.OPERATOR)
    before = desk.view["seq"]
    nonsense: tuple[dict[str, object], ...] = (
        {"act": "explode"},
        {"act": []},
        {"act": "darken"},
        {"act": "darken", "outputs": []},
        {"act": "darken", "outputs": "stage"},
        {"act": "darken", "outputs": [["stage"]]},
        {"act": "darken", "outputs": ["stage", "moon"]},
        {"act": "set_delay", "seconds": 601},
        {"act": "set_delay", "seconds": "-1"},
        {"act": "take_seat"},
        {"act": "standby", "step": "freeze"},
        {"act": "show_card", "words": "长" * 41},
        {"act": "show_card", "words": "一\u202e二"},
        {"act": "set_rundown", "starts_at": "明天", "lines": []},
        {"act": "set_rundown", "lines": [{"phase": "frozen", "seconds": 1}]},
        {"act": "set_rundown", "lines": [{"phase": "voting", "seconds": 10**18}]},
        {"act": "confirm", "item": "weather"},
        {"act": "waive", "check": "weather", "why": "晴"},
        {"act": "waive", "check": "disk", "why": ""},
        {"act": "second_waiver"},
    )
    for fields in nonsense:
        answer = desk.visitor.send(f"/desk/{live}/act", fields)
        assert answer.status_code == 400, (fields, answer.text)
        assert answer.get_json()["remedy"], fields
    assert desk.view["seq"] == before
    for nobody in ("0" * 32, "x"):
        assert desk.visitor.send(f"/desk/{nobody}/act", {"act": "hold"}).status_code == 404
        assert desk.visitor.ask(f"/desk/{nobody}").status_code == 404
    assert Visitor(app).ask(f"/desk/{live}").status_code == 401
    auditor = Desk(app, live, Role.AUDITOR)
    assert auditor.act("darken", outputs="all")["code"] == "not_allowed"
    assert auditor.visitor.send(f"/desk/{live}/go", {}).status_code == 403
