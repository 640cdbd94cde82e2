"""A year takes over what sessions, promises and requests on record say; dated, once, on record."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner
from flask import Flask

from evalsys.cli import imports
from evalsys.domain.access import Role
from evalsys.domain.assessment import Component
from evalsys.domain.casework.words import Channel, CloseReason, Confirmation
from evalsys.domain.component_scores import Origin, Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.live.words import Verdict
from evalsys.domain.personnel import SessionFinding
from evalsys.domain.pledge_case import PledgeRuled
from evalsys.domain.record_scores import Fate
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.cycles import Cycles
from evalsys.services.programmes import Programmes
from evalsys.services.record_scores import RecordScores
from evalsys.store import audit
from evalsys.store.cases import PLEDGES
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.component_scores import scores_of
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_finding, environment_of, some_settings
from tests.casework_county import LIN, OTHERS, County
from tests.small_county import PRINCIPAL, TEACHER
from tests.visitor import Visitor

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = CycleCode("2026")
TODAY = date(2026, 12, 1)


def _answered(county: County, said: Confirmation) -> str:
    code, hands = county.register(), county.room.handling
    county.later(hours=3)
    hands.verify(code, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.reply(code, LIN, "已请施工队铺好", Channel.VISIT, (True, True))
    hands.close(code, LIN, CloseReason.SOLVED, "路已修好")
    hands.confirm(code, said, "page")
    return code


def _settle(database: Database) -> None:
    """Three requests of the principal (answered, denied, left lying), one promise broken."""
    county = County(database)
    for said in (Confirmation.YES, Confirmation.NO):
        _answered(county, said)
    county.register("河边的路灯不亮")
    broken = PledgeRuled(PRINCIPAL, kept=False, basis="现场核查", ruled_on=date(2026, 11, 20))
    with database.write() as db:
        ruled_at = datetime(2026, 11, 20, 2, tzinfo=UTC)
        PLEDGES.note(db, "p-x-1", broken, after=0, cadre=PRINCIPAL, by="zuzhi", at=ruled_at)
    Cycles(database, lambda: NOON, ZONE, shipped_rulebook()).open(
        YEAR, date(2026, 1, 1), date(2026, 12, 31), by="zuzhi"
    )


def _room(database: Database, found: list[SessionFinding]) -> RecordScores:
    clocks = CaseworkDesk(database, shipped_policy(), lambda: NOON, ZONE).clocks
    programmes = Programmes(database, ZONE)
    return RecordScores(database, lambda: NOON, ZONE, lambda _known=None: found, programmes, clocks)


def test_what_a_household_says_later_is_not_known_on_an_earlier_day(database: Database) -> None:
    county = County(database)
    code, hands = county.register(), county.room.handling
    county.later(hours=3)
    hands.verify(code, LIN, genuine=True, finding="现场看过，确实坏了")
    hands.reply(code, LIN, "已请施工队铺好", Channel.VISIT, (True, True))
    hands.close(code, LIN, CloseReason.SOLVED, "路已修好")
    county.register("河边的路灯不亮")
    county.later(days=1)
    hands.confirm(code, Confirmation.NO, "page")
    county.later(days=1)
    county.register("井盖坏了", household=OTHERS)
    ruled_for = PledgeRuled(PRINCIPAL, kept=True, basis="核查", ruled_on=date(2026, 11, 2))
    with database.write() as db:
        PLEDGES.note(db, "p-x-1", ruled_for, after=0, cadre=PRINCIPAL, by="zuzhi", at=county.at)
    Cycles(database, lambda: NOON, ZONE, shipped_rulebook()).open(
        YEAR, date(2026, 1, 1), date(2026, 12, 31), by="zuzhi"
    )
    room = _room(database, [])

    def known_on(day: int) -> dict[Component, str]:
        outcomes = room.look(YEAR, date(2026, 11, day)).outcomes
        return {one.recorded.component: one.recorded.told for one in outcomes}

    assert known_on(1) == {}
    assert known_on(2) == {
        Component.REQUESTS: "县内记录：诉求 2 件，到期或办结 1 件，按期答复且群众未否认 1 件"
    }
    assert "办结 1 件，按期答复且群众未否认 0 件" in known_on(3)[Component.REQUESTS]
    assert "诉求 3 件，到期或办结 1 件" in known_on(4)[Component.REQUESTS]
    assert Component.PLEDGES not in known_on(3)
    assert "兑现 1 项" in known_on(4)[Component.PLEDGES]


def test_a_year_takes_over_what_is_on_record(database: Database) -> None:
    _settle(database)
    found = [a_finding(Verdict.CONFIRMED, TEACHER), a_finding(Verdict.NOT_DONE, "99999999")]
    room = _room(database, found)
    with pytest.raises(NotFound):
        room.look(CycleCode("2025"))
    for day in (TODAY + timedelta(days=1), date(2025, 12, 31)):
        with pytest.raises(InvalidInput):
            room.take_over(YEAR, day, by="zuzhi")
    assert room.look(YEAR).entered == 3
    with database.read() as db:
        assert scores_of(db) == ()

    assert room.take_over(YEAR, by="zuzhi").entered == 3
    with database.read() as db:
        held = {(one.code, one.component): one for one in scores_of(db)}
    assert {key: one.tenths for key, one in held.items()} == {
        (TEACHER, Component.SESSION): 1000,
        (PRINCIPAL, Component.PLEDGES): 0,
        (PRINCIPAL, Component.REQUESTS): 333,
    }
    requests = held[PRINCIPAL, Component.REQUESTS]
    assert "诉求 3 件，到期或办结 3 件，按期答复且群众未否认 1 件" in requests.document
    assert (requests.origin, requests.held_on) == (Origin.RECORDS, TODAY)

    again = room.take_over(YEAR, by="fuhe")
    assert (again.entered, again.lines[0].fates) == (0, {Fate.UNCHANGED: 1})
    found.append(a_finding(Verdict.NOT_DONE, TEACHER, j=2))
    assert room.take_over(YEAR, by="fuhe").entered == 1
    with database.read() as db:
        trail = scores_of(db, subject=(Subject.CADRE, TEACHER))
        entries = [e for e in audit.entries(db) if e.action == "assessment.records"]
    assert [(one.tenths, one.corrects) for one in trail] == [(1000, None), (500, trail[0].id)]
    assert [json.loads(one.detail)["as_of"] for one in entries] == ["2026-12-01"] * 3
    # As of an earlier day it can be reckoned again, and does not replace what is known since.
    early = room.take_over(YEAR, date(2026, 11, 19), by="fuhe")
    assert early.entered == 0
    Cycles(database, lambda: NOON + timedelta(days=60), ZONE, shipped_rulebook()).close(
        YEAR, by="zuzhi"
    )
    with pytest.raises(RuleViolation, match="已经关闭"):
        room.take_over(YEAR, by="zuzhi")


@pytest.mark.on_sqlite
def test_the_page_and_the_command_take_over_the_same(
    app: Flask, database: Database, tmp_path: Path
) -> None:
    _settle(database)
    office = Visitor(app).sign_in_as(Role.PERSONNEL)
    path = "/personnel/cycles/2026/records/"
    page = office.get(path).text
    assert "按期答复且群众未否认" in page
    assert "会议认定" in page
    assert "县内记录：已认定的承诺 1 项，兑现 0 项" in office.get(f"{path}list.csv").data.decode(
        "utf-8-sig"
    )
    assert Visitor(app).sign_in_as(Role.AUDITOR).post(path).status_code == 403
    assert office.post(path, until="2999-01-01").status_code == 400
    assert office.post(path).status_code == 303
    assert "没有要写入的" in office.get(path).text
    address = database.engine.url.render_as_string(hide_password=False)
    told = CliRunner().invoke(
        imports.command,
        ["records", "2026", "--dry-run", "--json"],
        env=environment_of(some_settings(address, tmp_path)),
    )
    assert told.exit_code == 0, told.output
    assert json.loads(told.output)["entered"] == 0
