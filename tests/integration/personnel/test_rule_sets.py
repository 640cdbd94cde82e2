"""The county's rule set on each database: proposed, tried, approved by another, never edited."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from evalsys.domain.personnel_changes import WhatIf
from evalsys.domain.rule_versions import RuleVersion, Ruling
from evalsys.domain.rulebook import Conclusion
from evalsys.errors import InvalidInput, NotFound, RuleViolation, Tampered
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.services.personnel import Personnel
from evalsys.services.rule_sets import RuleSets
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.rulebooks import shipped_rule_set
from tests.builders import NOON
from tests.small_county import NOT_ENTERED, ON_PROBATION, PRINCIPAL, TEACHER

TODAY = date(2026, 12, 1)
Spoil = Callable[[dict[str, list[list[str]]]], object]


@pytest.fixture
def sets(database: Database, personnel: Personnel) -> RuleSets:
    """The room's rule sets; the county is there already."""
    assert personnel.today() == TODAY
    return RuleSets(database, lambda: NOON, ZoneInfo("Asia/Shanghai"))


def _workbook(folder: Path, name: str = "沂水2013", spoil: Spoil = lambda _: None) -> Path:
    tables = shipped_rule_set(name)
    spoil(tables)
    path = folder / "rules.xlsx"
    with path.open("wb") as out:
        write_rule_workbook(tables, out, made_at=NOON)
    return path


def _proposed(
    sets: RuleSets, folder: Path, name: str = "沂水2013", spoil: Spoil = lambda _: None
) -> RuleVersion:
    path = _workbook(folder, name, spoil)
    found = sets.propose(path, path.name, name=name, since=TODAY, by="zuzhi")
    assert found.compiled.errors == ()
    assert found.version is not None
    return sets.version(found.version)


def _stricter(tables: dict[str, list[list[str]]]) -> None:
    """Bar whoever was not judged satisfactory by the own households: 未开展 too."""
    for row in tables["规则"]:
        if row[0] == "沂水-5":
            row[10:13] = ["属于", "未开展|不满意", "程序中止"]
    for row in tables["样例"][1:]:
        if row[6] == "未开展":
            row[-2:] = ["程序中止", ""]


def test_a_version_decides_from_its_day_on_once_another_person_approved_it(
    sets: RuleSets, personnel: Personnel, tmp_path: Path
) -> None:
    before = personnel.evaluate(by="zuzhi")
    version = _proposed(sets, tmp_path, spoil=_stricter)
    assert personnel.evaluate(by="zuzhi").run == before.run  # a proposal decides nothing
    with pytest.raises(RuleViolation, match="不能批准"):
        sets.rule(version.id, Ruling.APPROVED, reason="", by="zuzhi")
    approved = sets.rule(version.id, Ruling.APPROVED, reason="", by="fuhe")
    assert (approved.ruling, approved.ruled_by) == (Ruling.APPROVED, "fuhe")
    with pytest.raises(RuleViolation, match="已由 fuhe 批准"):
        sets.rule(version.id, Ruling.REJECTED, reason="晚了", by="third")

    after = personnel.evaluate(by="zuzhi")
    assert after.rules.name == f"沂水2013@{version.sha256[:8]}"
    assert {one.cadre.number: one.verdict.conclusion for one in after.assessed} == {
        PRINCIPAL: Conclusion.SUSPENDED,
        ON_PROBATION: Conclusion.BARRED,
        TEACHER: Conclusion.SUSPENDED,
        NOT_ENTERED: Conclusion.SUSPENDED,
    }
    # The day before keeps the rules of its day, and so does the run that was recorded.
    yesterday = personnel.evaluate(by="zuzhi", as_of=date(2026, 11, 30))
    assert yesterday.rules.sha256 == before.rules.sha256


def test_what_if_lists_exactly_who_changes_and_records_nothing_but_the_look(
    sets: RuleSets, personnel: Personnel, database: Database, tmp_path: Path
) -> None:
    same = personnel.what_if(_proposed(sets, tmp_path), by="fuhe")
    assert same.changes == ()
    found = personnel.what_if(_proposed(sets, tmp_path, spoil=_stricter), by="fuhe")
    assert _moves(found) == {
        PRINCIPAL: ("符合", "程序中止"),
        ON_PROBATION: ("不予提拔", "不予提拔"),  # for one more rule
        TEACHER: ("符合", "程序中止"),
        NOT_ENTERED: ("待核", "程序中止"),
    }
    assert sum(found.moves.values()) == 4
    assert len(personnel.runs(10)) == 1
    with database.read() as db:
        actions = [line.action for line in audit.entries(db)]
    assert actions.count("rules.what_if") == 2
    assert actions.count("rules.propose") == 2


def _moves(found: WhatIf) -> dict[str, tuple[str, str]]:
    return {
        one.cadre.number: (one.was.conclusion.value, one.now.conclusion.value)
        for one in found.changes
    }


def test_a_closed_year_is_not_touched(sets: RuleSets, tmp_path: Path) -> None:
    path = _workbook(tmp_path)
    with pytest.raises(InvalidInput, match="2025 年度已经结束"):
        sets.propose(path, path.name, name="沂水", since=date(2025, 12, 31), by="zuzhi")
    found = sets.propose(path, path.name, name="沂水", since=date(2026, 1, 1), by="zuzhi")
    assert found.version is not None
    sets.now = lambda: NOON.replace(year=2027)
    with pytest.raises(InvalidInput, match="2026 年度已经结束"):
        sets.rule(found.version, Ruling.APPROVED, reason="", by="fuhe")


def test_faults_and_fields_that_the_system_describes_otherwise_keep_nothing(
    sets: RuleSets, tmp_path: Path
) -> None:
    def no_such_code(tables: dict[str, list[list[str]]]) -> None:
        tables["规则"][1][11] = "不及格"

    def another_kind(tables: dict[str, list[list[str]]]) -> None:
        tables["字段字典"][1][2] = "合格|不合格|基本合格"

    for spoil, place in ((no_such_code, "规则!L2"), (another_kind, "字段字典!A2")):
        path = _workbook(tmp_path, spoil=spoil)
        found = sets.propose(path, path.name, name="沂水", since=TODAY, by="zuzhi")
        assert found.version is None
        assert [error.place for error in found.compiled.errors] == [place]
    assert sets.versions() == ()


def test_the_national_set_asks_for_facts_and_stays_open_until_they_are_recorded(
    sets: RuleSets, personnel: Personnel, tmp_path: Path
) -> None:
    version = _proposed(sets, tmp_path, "国家默认")
    sets.rule(version.id, Ruling.APPROVED, reason="", by="fuhe")
    verdict = personnel.person(PRINCIPAL, by="zuzhi").one.verdict
    assert verdict.conclusion is Conclusion.PENDING
    assert "缺立案调查中" in {why for one in verdict.outcomes for why in one.missing}

    facts = tmp_path / "facts.csv"
    facts.write_text(
        "编号,姓名,试用期,法定年度考核等次,处分种类,处分已满月数,立案调查中\n"
        f"{PRINCIPAL},甲,否,称职,无处分,,否\n{TEACHER},乙,否,称职,警告,３,否\n",  # noqa: RUF001 - full-width
        "gb18030",
    )

    def take(since: date) -> int:
        return sets.take_facts(
            version.id, facts, "facts.csv", since=since, document="纪委台账", by="zuzhi"
        ).kept

    assert take(TODAY) == 8
    assert personnel.person(PRINCIPAL, by="zuzhi").one.verdict.conclusion is Conclusion.ELIGIBLE
    facts.write_text(f"编号,立案调查中\n{PRINCIPAL},\n", "utf-8")
    assert take(TODAY) == 1  # an empty cell takes it back
    assert personnel.person(PRINCIPAL, by="zuzhi").one.verdict.conclusion is Conclusion.PENDING
    with pytest.raises(InvalidInput, match="还没有到"):
        take(date(2027, 1, 1))

    facts.write_text(f"编号,立案调查中\n99999999,否\n{PRINCIPAL},也许\n", "utf-8")
    taken = sets.take_facts(
        version.id, facts, "facts.csv", since=TODAY, document="台账", by="zuzhi"
    )
    assert [note.place for note in taken.faults] == ["facts.csv A2", "facts.csv B3"]
    assert taken.kept == 0
    facts.write_text(f"编号,立案調查中\n{PRINCIPAL},否\n", "utf-8")  # a title in other characters
    taken = sets.take_facts(
        version.id, facts, "facts.csv", since=TODAY, document="台账", by="zuzhi"
    )
    assert [(note.place, note.what) for note in taken.faults] == [
        ("facts.csv 第1行", "没有一列是要登记的字段")
    ]


def test_versions_rulings_and_facts_are_never_edited(
    sets: RuleSets, database: Database, tmp_path: Path
) -> None:
    version = _proposed(sets, tmp_path)
    with pytest.raises(InvalidInput, match="退回的理由"):
        sets.rule(version.id, Ruling.REJECTED, reason=" ", by="fuhe")
    sets.rule(version.id, Ruling.REJECTED, reason="缺条款号", by="fuhe")
    assert sets.in_force(TODAY) is None
    with pytest.raises(NotFound):
        sets.version(version.id + 1)
    for table in ("rule_versions", "rule_rulings"):
        with pytest.raises(DBAPIError), database.write() as db:
            db.execute(text(f"DELETE FROM {table}"))  # noqa: S608 - our own tables
    with database.write() as db:
        db.execute(
            text(
                "INSERT INTO rule_versions"
                " (id, name, sha256, since, tables, proposed_by, proposed_at)"
                " SELECT 99, name, 'ff', since, tables, proposed_by, proposed_at"
                " FROM rule_versions"
            )
        )
    with pytest.raises(Tampered):
        sets.version(99)
