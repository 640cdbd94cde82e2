"""A pledge assembly through its doors, from a sheet to the sealed record and the promise kept."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from evalsys.cli.export import command as export
from evalsys.cli.rooms_apart import agendas
from evalsys.domain.access import Role
from evalsys.domain.agenda import drawn_order
from evalsys.domain.draw import master_seed
from evalsys.domain.panel import Choice, SeatCategory
from evalsys.domain.unit_pledges import ruled_pledges, without_unit
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding
from evalsys.ids import LiveId, UnitCode
from evalsys.store.database import Database
from evalsys.web.rooms import rooms
from tests.builders import environment_of, some_settings
from tests.pdf_text import text_of
from tests.visitor import Visitor

HEADER = "议题,群众提问,答复单位,答复人,职务,诉求件数,涉及村居"
SHEET = f"""{HEADER}
农村厕所改造,旱厕什么时候能改完？,县住房和城乡建设局,王建国,局长,1286,212
村内道路硬化,门前的土路哪年能铺上水泥？,县交通运输局,李秀英,局长,940,
看病报销,住院报销要跑三趟，能不能一次办完？,县医疗保障局,张志强,局长,,
"""
BAD = f"""{HEADER}
农村厕所改造,旱厕什么时候能改完？,县住房和城乡建设局,王建国,局长,1286,212
,门前的土路哪年能铺上？,县交通运输局,李秀英,局长,很多,
农村厕所改造,再问一次,县水利局,,局长,,
"""
PLAN = {"title": "群众诉求落实承诺大会", "rehearsal": True, "kind": "assembly"}


class Console:
    """An operator's console, the JSON of it."""

    def __init__(self, app: Flask, order: str = "drawn") -> None:
        self.visitor = Visitor(app).sign_in_as(Role.OPERATOR)
        made = self.visitor.send("/console/plan", {**PLAN, "agenda_order": order})
        self.live: str = made.get_json()["live"]

    @property
    def view(self) -> dict[str, Any]:
        found: dict[str, Any] = self.visitor.ask(f"/console/{self.live}/view.json").get_json()
        return found

    def do(self, command: str, **fields: object) -> dict[str, Any]:
        body = {"command": command, "expect": self.view["step"], **fields}
        found: dict[str, Any] = self.visitor.send(f"/console/{self.live}/do", body).get_json()
        return found


def address(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


def paste(visitor: Visitor, live: str, sheet: str) -> Any:  # noqa: ANN401 - werkzeug's TestResponse
    return visitor.post(f"/agenda/{live}/sheet", list=sheet)


def test_an_assembly_from_the_sheet_to_a_promise_kept(app: Flask) -> None:
    console = Console(app)
    live, recorder = console.live, Visitor(app).sign_in_as(Role.RECORDER)
    refused = paste(recorder, live, BAD)
    assert refused.status_code == 400
    for told in ("第3行 “议题”列", "第3行 “诉求件数”列", "第4行 “答复人”列", "没有采用这份表格"):
        assert told in refused.text, told
    assert console.view["agenda"]["draft"] == 0
    assert paste(recorder, live, SHEET).status_code == 303
    edited = {"n": "3", "title": "看病报销", "question": "能不能一次办完？", "unit": "县医疗保障局"}
    assert recorder.post(f"/agenda/{live}/issue", **edited).status_code == 400
    assert recorder.post(f"/agenda/{live}/issue", **edited, speaker="张志强").status_code == 303
    assert recorder.post(f"/agenda/{live}/3/move/1").status_code == 303
    public = Visitor(app)
    assert public.ask(f"/live/{live}/view.json").get_json()["agenda"]["issues"] == []
    assert console.do("publish_agenda")["phase"] == "frozen"
    assert console.do("freeze")["code"] == "rule_violation"
    assert console.do("open_ceremony")["phase"] == "ceremony"
    view = console.do("roll_master")
    bundle = json.loads(public.get(f"/live/{live}/bundle/order.json").text)
    seed = master_seed(bundle["agenda_sha256"], bundle["digits"])
    assert tuple(bundle["order"]) == drawn_order(seed, 3)
    assert [line["n"] for line in view["agenda"]["issues"]] == bundle["order"]

    panel_votes(app, live)
    for j in (1, 2, 3):
        assert console.do("call_issue")["phase"] == "answering"
        assert "单位作答" in console.do("close")["what"]
        if j == 2:
            assert console.do("leave_issue", reason="答复人未到场")["phase"] == "judged"
            continue
        form = {"measure": "分批改造", "target": "完成改厕", "amount": "1200", "unit": "户"}
        short = recorder.post(f"/followups/{live}/{j}/pledge", **{**form, "amount": ""}, due="30")
        assert short.status_code == 400
        saved = recorder.post(
            f"/followups/{live}/{j}/pledge", **form, due="30", responsible="县住房和城乡建设局"
        )
        assert saved.status_code == 303, saved.text
        if j == 1:
            assert console.do("open_vote")["phase"] == "voting"
            cast(app, live, j)
            assert console.do("close_vote")["round"]["votes"]["satisfied"] == 2
    assert console.do("close")["phase"] == "closed"
    agenda, order = (
        public.ask(f"/live/{live}/bundle/{name}").data for name in ("agenda.json", "order.json")
    )
    checked = verify_bundle(Bundle(None, None, None, None, agenda, order))
    assert (checked.finding, checked.exit_code) == (Finding.GOOD, 0), checked.steps
    sealed = console.do("seal")
    assert (sealed["phase"], len(sealed["head"])) == ("sealed", 64)
    page = public.get(f"/live/{live}")
    assert "承诺台账" in page.text
    the_record_plays_again(console, live)
    a_promise_is_proved_and_ruled_on(app, live, recorder)
    it_is_asked_again(app, console, recorder)


def panel_votes(app: Flask, live: str) -> None:
    with app.app_context():
        room = rooms().score
        room.create_seats(LiveId(live), {SeatCategory.MASS_REPRESENTATIVE: 2}, actor="test")
        for seat in room.seats_with_codes(LiveId(live), actor="test"):
            room.join(seat.code, f"token-{seat.number}".ljust(43, "x"), holds_leading_post=False)


def cast(app: Flask, live: str, j: int) -> None:
    with app.app_context():
        room = rooms().score
        for seat in room.seats(LiveId(live)):
            own = room.own_vote(seat, j)
            room.cast_vote(LiveId(live), j, seat, Choice.SATISFIED, revision=1, opening=own.opening)


def the_record_plays_again(console: Console, live: str) -> None:
    moments = console.visitor.ask(f"/replay/{live}/moments.json").get_json()["moments"]
    assert "请上议题" in {one[2] for one in moments}
    for seq, *_ in moments:
        answer = console.visitor.ask(f"/replay/{live}/picture.json?seq={seq}")
        assert answer.get_json()["kind"] == "assembly"
    record = console.visitor.ask(f"/replay/{live}/record.json").get_json()
    assert [one["seq"] for one in record["events"]] == list(range(1, len(moments) + 1))
    text = console.visitor.get(f"/replay/{live}/rounds.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["kind"] for row in rows] == ["issue"] * 3
    assert (rows[0]["target"], rows[1]["left"]) == ("完成改厕 1200 户", "答复人未到场")
    protocol = console.visitor.get(f"/replay/{live}/protocol").text
    paper = text_of(console.visitor.get(f"/replay/{live}/protocol.pdf").data).replace(" ", "")
    for told in ("完成改厕", "1200 户", "答复人未到场", "县住房和城乡建设局"):
        assert told in protocol, told
        assert told.replace(" ", "") in paper, told


def a_promise_is_proved_and_ruled_on(app: Flask, live: str, recorder: Visitor) -> None:
    with app.app_context():
        first = rooms().pledges.of(LiveId(live))[0]
    path = f"/followups/{live}/pledges/{first.pledge.seq}/report"
    assert recorder.post(path, kind="kept", text="已验收").status_code == 409
    assert recorder.post(path, kind="proof", done="300", text="验收单 17 号").status_code == 303
    assert recorder.post(path, kind="kept", text="自己认定").status_code == 409
    inspector = Visitor(app).sign_in_as(Role.DISCIPLINE)
    assert inspector.post(path, kind="broken", text="没有动工").status_code == 409
    assert inspector.post(path, kind="kept", text="").status_code == 400
    assert inspector.post(path, kind="kept", text="逐户看过").status_code == 303
    listed = Visitor(app).get("/followups/").text
    for told in ("验收单 17 号", "300 / 1200 户", "逐户看过", "discipline", "已兑现"):
        assert told in listed, told
    assert Visitor(app).post(path, kind="kept", text="x").status_code in {302, 401, 303}
    it_enters_the_unit_s_year_unless_it_was_a_rehearsal(app)


def it_enters_the_unit_s_year_unless_it_was_a_rehearsal(app: Flask) -> None:
    with app.app_context():
        promised, zone = rooms().pledges.every(), rooms().zone
    at = promised[0].reports[-1].at
    units = {UnitCode("U07"): "县住房和城乡建设局"}
    assert ruled_pledges(promised, units, at + timedelta(days=1), zone) == ()
    on_air = [replace(one, rehearsal=False) for one in promised]
    (found,) = ruled_pledges(on_air, units, at + timedelta(days=1), zone)
    assert (found.unit, found.kept, found.basis, found.ruled_by) == (
        "U07",
        True,
        "逐户看过",
        "discipline",
    )
    assert ruled_pledges(on_air, units, at, zone) == ()  # nobody knew it by then
    assert without_unit(on_air, {}) == (on_air[0].pledge.responsible,)


def it_is_asked_again(app: Flask, console: Console, recorder: Visitor) -> None:
    with app.app_context():
        later = rooms().pledges.today + timedelta(days=31)
        due = rooms().agendas.due_issues(later, rehearsal=True)
    assert [one.title[:8] for one in due] == ["承诺回头看 1："]
    assert recorder.get("/agenda/due.csv").data.decode("utf-8-sig").startswith(HEADER)
    again = Console(app, "fixed")
    with app.app_context():
        rooms().agendas.set(LiveId(again.live), due, actor="test")
    assert again.do("publish_agenda")["phase"] == "frozen"
    assert again.do("open_ceremony")["phase"] == "seeded"
    assert "完成改厕 1200 户" in again.do("call_issue")["round"]["issue"]["question"]
    assert console.view["phase"] == "sealed"


@pytest.mark.on_sqlite
def test_the_command_line_reads_a_sheet_and_refuses_another_session(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    console = Console(app, "fixed")
    path = tmp_path / "agenda.csv"
    path.write_text(SHEET, encoding="utf-8")
    settings = some_settings("sqlite://", tmp_path)
    report = agendas(settings, database).read_files(LiveId(console.live), [path], actor="cli")
    assert (report.errors, len(report.issues)) == (0, 3)
    assert console.view["agenda"]["draft"] == 3
    out = tmp_path / "protocol.pdf"
    its_own = environment_of(some_settings(address(database), tmp_path))
    for order in (
        ["protocol", console.live, "--out", str(out)],
        ["protocol", "x", "--out", str(out)],
    ):
        done = CliRunner(env=its_own).invoke(export, order)
        assert (done.exception is None) is (order[1] == console.live), done.output
    assert out.read_bytes().startswith(b"%PDF")
    assert "群众诉求落实承诺大会" in text_of(out.read_bytes())
