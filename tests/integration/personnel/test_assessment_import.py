"""Scores of components as files: every fault by its cell, all or nothing, nothing twice."""

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from evalsys.domain.assessment import Component
from evalsys.domain.cycles import CycleCode, closed_codes
from evalsys.errors import RuleViolation
from evalsys.services.assessment_import import AssessmentImport
from evalsys.services.personnel import Personnel
from evalsys.services.tables_report import TablesReport
from evalsys.store import audit, cycles
from evalsys.store.assessment import save_inputs
from evalsys.store.component_scores import petition_counts, scores_of
from evalsys.store.database import Database
from evalsys.store.roster_batches import latest_batches
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_year_of
from tests.small_county import NOT_ENTERED, ON_PROBATION, PRINCIPAL, TEACHER

Spoil = Callable[[Worksheet], object]
HEADER = [
    "干部编号",
    "姓名",
    "考核项目",
    "考核周期",
    "得分",
    "应询人数",
    "拨打人数",
    "接通人数",
    "作答人数",
    "依据文件",
    "测评日期",
]
UNITS = ["单位编码", "考核项目", "考核周期", "得分", "应询人数", "作答人数", "依据文件", "测评日期"]
PETITIONS = ["考核周期", "范围", "信访类别", "件次", "依据文件"]
RATED = (TEACHER, "赵敏", "明察", "2026", "80", "", "", "", "", "督查通报3号", "2026-11-01")


def _csv(path: Path, *tables: Sequence[Sequence[object]], encoding: str = "utf-8-sig") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(row for table in tables for row in table)
    return path


def _import(database: Database, *files: Path, dry_run: bool = False) -> TablesReport:
    room = AssessmentImport(database, lambda: NOON, date(2026, 12, 1), shipped_rulebook())
    return room.run(files, actor="zuzhi", dry_run=dry_run)


def test_scores_come_in_once_are_weighed_and_leave_a_trail(
    personnel: Personnel, tmp_path: Path
) -> None:
    database = personnel._database
    before = personnel.evaluate(by="zuzhi", year=2026)
    book = tmp_path / "成绩.xlsx"
    with xlsxwriter.Workbook(book) as workbook:
        for at, row in enumerate(
            (HEADER, RATED, (*RATED[:2], "暗访", *RATED[3:4], 70, *RATED[5:]))
        ):
            sheet = workbook.get_worksheet_by_name("干部") or workbook.add_worksheet("干部")
            sheet.write_row(at, 0, row)
        units = workbook.add_worksheet("单位")
        units.write_row(0, 0, UNITS)
        units.write_row(1, 0, ("U002", "第三方测评", 2026, 88.5, 100, 64, "测评报告", "2026-11-02"))
    trend = _csv(tmp_path / "xf.csv", [PETITIONS, ("2026Q3", "全县", "越级上访", "3", "统计")])

    assert _import(database, book, dry_run=True).committed is False
    with database.read() as db:
        assert (scores_of(db), cycles.cycles(db), latest_batches(db, 9)) == ((), (), ())
    done = _import(database, book, trend)
    assert done.problems == ()
    assert {title: (m.new, m.changed) for title, m in done.merged.items()} == {
        "干部考核成绩": (2, 0),
        "单位考核成绩": (1, 0),
        "信访统计": (1, 0),
    }
    again = _import(database, book, trend)
    assert {(m.new, m.changed) for m in again.merged.values()} == {(0, 0)}

    after = personnel.evaluate(by="zuzhi", year=2026)
    results = {one.cadre.number: one.annual for one in after.assessed}
    teacher = results[TEACHER]
    assert teacher.score_of(Component.INSPECTION) == 750  # 80 and 70, half each
    assert teacher.total_tenths == 820  # 60 x 85.0 + 20 x 80.0 + 20 x 75.0
    assert [part.component for part in teacher.excluded] == [
        Component.OPEN_INSPECTION,
        Component.COVERT_INSPECTION,
    ]
    assert after.run != before.run
    untouched = {
        one.cadre.number: one.annual for one in before.assessed if one.cadre.number != TEACHER
    }
    assert {number: results[number] for number in untouched} == untouched
    with database.read() as db:
        assert [cycle.code for cycle in cycles.cycles(db)] == ["2026", "2026Q3"]
        assert [(one.place, one.count) for one in petition_counts(db)] == [("全县", 3)]

    changed = _csv(tmp_path / "new.csv", [HEADER, (*RATED[:4], "90", *RATED[5:])])
    assert _import(database, changed).merged["干部考核成绩"].changed == 1
    with database.read() as db:
        trail = [score for score in scores_of(db) if score.component is Component.OPEN_INSPECTION]
        assert [(score.tenths, score.reason) for score in trail] == [(800, ""), (900, "重新导入")]
        assert trail[1].corrects == trail[0].id
        assert "assessment.import" in {line.action for line in audit.entries(db)}


def _spoilt(path: Path, spoil: Spoil, header: Sequence[str] = HEADER) -> Path:
    """Write a good sheet 成绩, spoilt in a way that no table of values can show."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("说明").write(0, 0, "怎样填写")
        sheet = book.add_worksheet("成绩")
        sheet.write_row(0, 0, header)
        sheet.write_row(1, 0, RATED)
        spoil(sheet)
    return path


@pytest.mark.on_sqlite
def test_what_nobody_sees_in_a_workbook_is_named_and_nothing_comes_in(
    personnel: Personnel, tmp_path: Path
) -> None:
    database = personnel._database
    spoilt: tuple[tuple[Spoil, tuple[int, str, str]], ...] = (
        (lambda s: s.hide(), (0, "", "工作表是隐藏的")),
        (lambda s: s.very_hidden(), (0, "", "工作表是隐藏的")),
        (lambda s: s.set_row(1, None, None, {"hidden": True}), (2, "", "第2行是隐藏的")),
        (lambda s: s.set_column("E:E", None, None, {"hidden": True}), (0, "", "E列是隐藏的")),
        (lambda s: s.set_column("K:XFD", None, None, {"hidden": True}), (0, "", "K列是隐藏的")),
        # Never calculated, a formula reads as 0: an unqualified cadre by mistake.
        (lambda s: s.write_formula("E2", "=80+8"), (2, "E", "是公式或公式出错的结果")),
        (lambda s: s.write_formula("K2", "=TODAY()", None, 46000), (2, "K", "是公式")),
        (lambda s: s.merge_range("E1:F1", "得分"), (1, "", "E至F列的列名是合并单元格")),
        (lambda s: (s.write("L2", "78"), s.write("M1", "备注")), (2, "L", "这一列没有列名")),
    )
    for at, (spoil, expected) in enumerate(spoilt):
        report = _import(database, _spoilt(tmp_path / f"{at}.xlsx", spoil))
        assert not report.committed
        errors = [(p.row, p.column, p.what) for p in report.problems if p.severity == "错误"]
        assert any(
            (row, column) == expected[:2] and what.startswith(expected[2])
            for row, column, what in errors
        ), errors
    with database.read() as db:
        assert scores_of(db) == ()
    # What is hidden beside the table, as forms are laid out, hides nothing.
    beside = _spoilt(
        tmp_path / "good.xlsx",
        lambda s: (
            s.set_column("P:XFD", None, None, {"hidden": True}),
            s.set_row(50, None, None, {"hidden": True}),
        ),
    )
    assert _import(database, beside).committed


def test_every_fault_is_named_by_its_cell_and_nothing_comes_in(
    personnel: Personnel, tmp_path: Path
) -> None:
    database = personnel._database
    file = _csv(
        tmp_path / "坏.csv",
        [
            HEADER,
            RATED,
            ("3.7E+17", *RATED[1:]),
            ("99999999", *RATED[1:]),
            (PRINCIPAL, "赵敏", *RATED[2:]),
            (TEACHER, "赵敏", "信访件数", *RATED[3:]),
            (TEACHER, "赵敏", "口碑", *RATED[3:]),
            (TEACHER, "赵敏", "暗访", "去年", *RATED[4:]),
            (TEACHER, "赵敏", "暗访", "2026", "101", *RATED[5:]),
            (TEACHER, "赵敏", "暗访", "2026", "80", "10", "", "11", "", *RATED[9:]),
            (TEACHER, "赵敏", "暗访", "2026", "80", "", "", "", "", "", "2026-12-02"),
            (TEACHER, "赵敏", "暗访", "2026", "80", "", "", "", "", "通报", "2026-12-02"),
            RATED,
        ],
    )
    report = _import(database, file)
    assert (report.committed, report.merged) == (False, {})
    places = sorted((problem.row, problem.column) for problem in report.problems)
    assert places == [
        (3, "干部编号"),
        (4, "干部编号"),
        (5, "姓名"),
        (6, "考核项目"),
        (7, "考核项目"),
        (8, "考核周期"),
        (9, "得分"),
        (10, "应询人数"),
        (11, "依据文件"),
        (12, "测评日期"),
        (13, "干部编号"),
    ]
    assert all(problem.remedy for problem in report.problems)
    told = {problem.row: problem.what for problem in report.problems}
    assert "两个人用了同一个编号" in next(p.remedy for p in report.problems if p.row == 5)
    assert "只作趋势" in told[6]
    assert "坏.csv第2行重复" in told[13]
    with database.read() as db:
        assert scores_of(db) == ()


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_rare_names_are_read_whatever_the_encoding(
    personnel: Personnel, tmp_path: Path, encoding: str
) -> None:
    rare = (NOT_ENTERED, "孙\U00020089", *RATED[2:])
    file = _csv(tmp_path / "rare.csv", [HEADER, rare], encoding=encoding)
    report = _import(personnel._database, file)
    assert [(problem.value, problem.column) for problem in report.problems] == [
        ("孙\U00020089", "姓名")
    ]


def test_a_closed_year_takes_nothing_but_what_it_has(personnel: Personnel, tmp_path: Path) -> None:
    database = personnel._database
    file = _csv(tmp_path / "a.csv", [HEADER, (*RATED[:3], "2025", *RATED[4:])])
    assert _import(database, file).committed
    with database.write() as db:
        save_inputs(db, [a_year_of(ON_PROBATION, year=2025)], on=NOON.date())
        cycles.close_cycle(db, CycleCode("2025"), by="zuzhi", at=NOON)
        assert closed_codes(cycles.cycles(db)) >= {"2025", "2025Q4"}
    quarter = _csv(tmp_path / "b.csv", [HEADER, (*RATED[:3], "2025年第四季度", *RATED[4:])])
    for late in (file, quarter):
        report = _import(database, late)
        assert [p.what for p in report.problems if p.severity == "错误"] == ["这一考核周期已经关闭"]
    with database.write() as db:
        assert save_inputs(db, [a_year_of(ON_PROBATION, year=2025)], on=NOON.date()).unchanged == 1
        with pytest.raises(RuleViolation, match="2025"):
            save_inputs(
                db, [a_year_of(ON_PROBATION, year=2025, unit_rating_tenths=1)], on=NOON.date()
            )
