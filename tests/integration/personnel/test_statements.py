"""Pledges and reports of a year, from the cadre's page to the department's list, both engines."""

import csv
import io
from datetime import date

from flask import Flask

from evalsys.domain.access import Role
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.domain.cycles import CycleCode
from evalsys.store import audit
from evalsys.store import casework_people as people
from evalsys.store.database import Database
from evalsys.store.schema.casebook import CasebookEntry, CasePaper
from evalsys.web.rooms import rooms
from tests import small_county
from tests.builders import NOON
from tests.small_county import ON_PROBATION, PRINCIPAL, TEACHER
from tests.visitor import Visitor

FORM = {"cadre": PRINCIPAL, "cycle": "2026", "statement": "承诺"}


def test_a_statement_from_the_cadre_s_page_to_the_department_s_list(
    app: Flask, database: Database
) -> None:
    small_county.settle(database)
    with app.app_context():
        for room in (rooms().personnel, rooms().cycles, rooms().statements):
            room.now = lambda: NOON
    cadre = Visitor(app).sign_in_as(Role.CADRE)
    assert "还没有绑定干部编号" in cadre.get("/mine/statements").text
    with database.write() as db:
        people.set_scopes(db, Role.CADRE.value, (Party(PartyKind.CADRE, PRINCIPAL),))
    assert "还没有建立考核年度" in cadre.get("/mine/statements").text
    with app.app_context():
        cycles = rooms().cycles
        cycles.open(CycleCode("2026"), date(2026, 1, 1), date(2026, 12, 31), by="zuzhi")
    first, second = "修好村口的路，10月底前。", "修好村口的路，9月底前。\n每户走访两次。"
    assert cadre.post("/mine/statements", **FORM, text=first).status_code == 303
    assert cadre.post("/mine/statements", **FORM, text=second).status_code == 303
    again = cadre.post("/mine/statements", **FORM, text=second)
    assert again.status_code == 400
    assert "和上一次交的一样" in again.text
    other = cadre.post("/mine/statements", **(FORM | {"cadre": TEACHER}), text=first)
    assert other.status_code == 404
    page = cadre.get("/mine/statements").text
    assert "9月底前" in page
    assert "10月底前" not in page
    assert "Pledge" in cadre.get("/mine/statements", lang="en").text
    with database.read() as db:
        assert db.query(CasebookEntry).filter_by(room="statement").count() == 2
        for paper in db.query(CasePaper):
            assert "村口".encode() not in paper.sealed

    office = Visitor(app).sign_in_as(Role.PERSONNEL)
    listed = office.get("/personnel/cycles/2026/statements/").text
    assert listed.count("没有交") > 2
    sent = office.get("/personnel/cycles/2026/statements.csv", lacks="述职", search=PRINCIPAL)
    rows = list(csv.reader(io.StringIO(sent.get_data(as_text=True).lstrip("\ufeff"))))
    assert [row[0] for row in rows[1:]] == [PRINCIPAL]
    assert rows[1][4] == "2026-12-01"
    lacking = office.get("/personnel/cycles/2026/statements.csv", lacks="承诺").text
    assert PRINCIPAL not in lacking
    assert ON_PROBATION in lacking
    path = f"/personnel/cadres/{PRINCIPAL}/statements/2026"
    shown = office.get(path).text
    assert shown.index("9月底前") < shown.index("10月底前")
    assert "已被取代" in shown
    assert office.get(f"/personnel/cadres/{TEACHER}/statements/2026").status_code == 404
    with database.read() as db:
        lines = list(audit.entries(db, subject=f"cadre:{PRINCIPAL}"))
    assert [one.action for one in lines].count("statement.hand_in") == 2
    assert any(one.action == "statement.read" and "年度考核" in one.detail for one in lines)
