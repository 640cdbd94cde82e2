"""A roster comes in whole or not at all, and again without a change; links keep their history."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select

from evalsys.domain.roster_coverage import Gap
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import Kind
from evalsys.ids import CadreNumber
from evalsys.services.roster_import import ImportReport, RosterImport
from evalsys.store import audit
from evalsys.store.assessment import inputs_of
from evalsys.store.database import Database
from evalsys.store.roster import note_probation
from evalsys.store.roster_batches import latest_batches
from evalsys.store.roster_merge import REASSIGNED, Merged
from evalsys.store.schema import roster as tables
from tests.builders import NOON
from tests.roster_papers import (
    BOX,
    CHINA,
    Cell,
    Tables,
    bring_in,
    bring_in_papers,
    papers,
    write_csv,
    write_xlsx,
)

Link = tuple[str, date, date | None, str]


def _links(database: Database, household: str) -> list[Link]:
    with database.read() as db:
        link = tables.HouseholdLink
        rows = db.execute(
            select(link.cadre, link.since, link.until, link.reason)
            .where(link.household == household)
            .order_by(link.since, link.cadre)
        )
        return [(row.cadre, row.since, row.until, row.reason) for row in rows]


def _is_untouched(database: Database) -> bool:
    with database.read() as db:
        entities = (tables.Grid, tables.Household, tables.ImportBatch, tables.GridLevel)
        return not any(db.scalar(select(func.count()).select_from(one)) for one in entities)


def _is_unchanged(report: ImportReport) -> bool:
    return report.committed and all(
        merged == Merged(0, 0, merged.unchanged) and merged.unchanged
        for merged in report.merged.values()
    )


def test_a_roster_comes_in_and_coming_again_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    first = bring_in_papers(database, tmp_path, papers())
    assert first.committed
    assert first.errors == 0
    assert first.merged[Kind.HOUSEHOLDS] == Merged(7, 0, 0)
    assert first.merged[Kind.LINKS] == Merged(7, 0, 0)
    with database.read() as db:
        sealed = db.execute(select(tables.Phone.id, tables.Phone.sealed)).all()
    assert _is_unchanged(bring_in_papers(database, tmp_path, papers()))
    with database.read() as db:
        assert db.execute(select(tables.Phone.id, tables.Phone.sealed)).all() == sealed


def test_a_row_silent_on_probation_leaves_what_personnel_recorded(
    database: Database, tmp_path: Path
) -> None:
    """Y60: an appointment begins probation; a roster that says otherwise is reported first."""
    assert bring_in_papers(database, tmp_path, papers()).committed
    number = CadreNumber("00000001")
    since, until = date(2026, 3, 1), date(2027, 2, 28)
    with database.write() as db:
        note_probation(db, number, since=since, until=until, on=since)
    header, row, *others = papers()[Kind.CADRES]
    header = [*header, "试用期", "试用期起", "试用期止"]

    def brought(*cells: str, dry_run: bool = False) -> tuple[ImportReport, tuple[object, ...]]:
        rows = [header, [*row, *cells], *([*other, "", "", ""] for other in others)]
        files = write_csv(tmp_path, {Kind.CADRES: rows})
        report = bring_in(database, files, dry_run=dry_run)
        with database.read() as db:
            kept = db.get_one(tables.Cadre, number)
            return report, (kept.on_probation, kept.probation_from, kept.probation_until)

    recorded = (True, since, until)
    silent, after = brought("", "", "")
    assert (silent.problems, after) == ((), recorded)
    assert silent.merged[Kind.CADRES].changed == 0
    looked, after = brought("否", "", "", dry_run=True)
    assert [(one.column, one.value, one.severity) for one in looked.problems] == [
        ("试用期", "否", Severity.WARNING)
    ]
    assert "已登记的是“是”" in looked.problems[0].what
    assert after == recorded
    told, after = brought("是", "2026-03-01", "2026-12-31")
    assert [(one.column, one.value) for one in told.problems] == [("试用期止", "2026-12-31")]
    assert after == (True, since, date(2026, 12, 31))
    ended, after = brought("否", "", "")
    assert (ended.committed, after) == (True, (False, None, None))


def test_workbook_and_csv_say_the_same(database: Database, tmp_path: Path) -> None:
    book = write_xlsx(tmp_path / "花名册.xlsx", {f"表{k}": v for k, v in papers().items()})
    assert bring_in(database, [book]).committed
    assert _is_unchanged(bring_in_papers(database, tmp_path, papers()))


def test_files_may_come_in_any_order(database: Database, tmp_path: Path) -> None:
    files = write_csv(tmp_path, papers())
    assert bring_in(database, files[::-1]).committed


def test_yishui_levels_are_planted_when_none_come(database: Database, tmp_path: Path) -> None:
    bring_in_papers(database, tmp_path, papers())
    with database.read() as db:
        names = list(db.scalars(select(tables.GridLevel.name).order_by(tables.GridLevel.depth)))
    assert names == ["县总网格", "乡镇大网格", "工作片中网格", "村级网格", "干部联系网格"]


def test_another_countys_four_levels_are_data(database: Database, tmp_path: Path) -> None:
    four = papers()
    four[Kind.LEVELS] = [
        ["层级", "层级名称", "负责人数", "负责人最低职级", "挂联系户", "挂干部"],
        [1, "区", 1, None, "否", "否"],
        [2, "街道", 1, None, "否", "否"],
        [3, "社区", 1, None, "否", "否"],
        [4, "网格", 1, None, "是", "是"],
    ]
    four[Kind.GRIDS] = [
        four[Kind.GRIDS][0],
        ["C", "岳麓区", 1, None],
        ["T1", "街道", 2, "C"],
        ["W1", "社区", 3, "T1"],
        ["V1", "一", 4, "W1"],
        ["V2", "二", 4, "W1"],
        ["G1", "三", 4, "W1"],
        ["G2", "四", 4, "W1"],
        ["G3", "五", 4, "W1"],
    ]
    report = bring_in_papers(database, tmp_path, four)
    assert report.committed, report.problems


def test_a_dry_run_tells_all_and_keeps_nothing(database: Database, tmp_path: Path) -> None:
    report = bring_in(database, write_csv(tmp_path, papers()), dry_run=True)
    assert not report.committed
    assert report.merged[Kind.HOUSEHOLDS].new == 7
    assert report.coverage is not None
    assert report.coverage.households == 7
    assert _is_untouched(database)


def test_one_error_anywhere_keeps_everything_out(database: Database, tmp_path: Path) -> None:
    wrong = papers()
    wrong[Kind.HOUSEHOLDS][3][1] = "王\x07五"
    report = bring_in_papers(database, tmp_path, wrong)
    assert not report.committed
    (error,) = [one for one in report.problems if one.severity is Severity.ERROR]
    assert (error.file, error.row, error.column) == ("households.csv", 4, "户主姓名")
    assert _is_untouched(database)


def test_cancelling_half_way_keeps_everything_out(database: Database, tmp_path: Path) -> None:
    def cancel(what: str, _done: int, _total: int) -> None:
        if what == "统计覆盖":
            raise KeyboardInterrupt

    files = write_csv(tmp_path, papers())
    with pytest.raises(KeyboardInterrupt):
        RosterImport(database, BOX, lambda: NOON, CHINA).run(
            files, actor="cli:test", progress=cancel
        )
    assert _is_untouched(database)
    assert bring_in(database, files).committed


def test_a_part_of_a_roster_changes_that_part_only(database: Database, tmp_path: Path) -> None:
    bring_in_papers(database, tmp_path, papers())
    header, first, *_ = papers()[Kind.HOUSEHOLDS]
    first[1], first[3] = "张三丰", 4
    new: list[Cell] = ["37130008", "吴十", "V2", 3, "15400000008", None]
    report = bring_in_papers(database, tmp_path, {Kind.HOUSEHOLDS: [header, first, new]})
    assert report.merged == {Kind.HOUSEHOLDS: Merged(1, 1, 0)}
    assert report.coverage is not None
    assert report.coverage.gaps[Gap.NO_CADRE] == 1
    assert report.coverage.households == 8


def test_columns_that_a_file_does_not_have_keep_their_values(
    database: Database, tmp_path: Path
) -> None:
    full = papers()
    full[Kind.CADRES][0] += ["离任日期", "离任原因"]
    for row in full[Kind.CADRES][1:]:
        row.extend(["2026-06-01", "退休"] if row[0] == "00000003" else [None, None])
    bring_in_papers(database, tmp_path, full)
    narrow = {Kind.CADRES: [row[:7] for row in full[Kind.CADRES]]}
    assert bring_in_papers(database, tmp_path, narrow).merged[Kind.CADRES] == Merged(0, 0, 3)
    with database.read() as db:
        assert db.get_one(tables.Cadre, "00000003").left_on == date(2026, 6, 1)
        assert db.scalar(select(func.count(tables.Phone.cadre))) == 2


def test_a_cadre_who_changes_unit_and_post_keeps_the_households(
    database: Database, tmp_path: Path
) -> None:
    bring_in_papers(database, tmp_path, papers())
    moved = {Kind.CADRES: papers()[Kind.CADRES]}
    moved[Kind.CADRES][2][2:4] = ["U2", "副科长"]
    report = bring_in_papers(database, tmp_path, moved)
    assert report.merged[Kind.CADRES] == Merged(0, 1, 2)
    assert _links(database, "37130004") == [("00000002", date(2012, 3, 1), None, "")]


def test_a_household_given_to_another_cadre_keeps_the_old_link_as_history(
    database: Database, tmp_path: Path
) -> None:
    bring_in_papers(database, tmp_path, papers())
    header = papers()[Kind.LINKS][0]
    moved: Tables = {Kind.LINKS: [header, ["37130004", "00000003", "2026-07-01", None, None]]}
    report = bring_in_papers(database, tmp_path, moved)
    assert report.merged[Kind.LINKS] == Merged(1, 0, 0, closed=1)
    (warning,) = report.problems
    assert "00000002 仍在岗" in warning.what
    assert _links(database, "37130004") == [
        ("00000002", date(2012, 3, 1), date(2026, 7, 1), REASSIGNED),
        ("00000003", date(2026, 7, 1), None, ""),
    ]
    again = bring_in_papers(database, tmp_path, moved)
    assert again.merged[Kind.LINKS] == Merged(0, 0, 1)
    assert again.problems == ()
    moved[Kind.LINKS][1] = ["37130004", "00000002", "2026-08-01", None, "镇党委批准调整"]
    assert bring_in_papers(database, tmp_path, moved).problems == ()  # the reason is given


def test_a_hand_over_written_out_is_kept_as_written(database: Database, tmp_path: Path) -> None:
    bring_in_papers(database, tmp_path, papers())
    header = papers()[Kind.LINKS][0]
    handed: Tables = {
        Kind.LINKS: [
            header,
            ["37130004", "00000002", "2012-03-01", "2026-06-30", "调出"],
            ["37130004", "00000003", "2026-07-01", None, "接替李红"],
        ]
    }
    report = bring_in_papers(database, tmp_path, handed)
    assert report.merged[Kind.LINKS] == Merged(1, 1, 0)
    assert report.problems == ()
    assert _links(database, "37130004") == [
        ("00000002", date(2012, 3, 1), date(2026, 6, 30), "调出"),
        ("00000003", date(2026, 7, 1), None, "接替李红"),
    ]


def test_a_corrected_beginning_moves_the_link_and_adds_none(
    database: Database, tmp_path: Path
) -> None:
    bring_in_papers(database, tmp_path, papers())
    header = papers()[Kind.LINKS][0]
    dated: Tables = {Kind.LINKS: [header, ["37130004", "00000002", "2013-01-01", None, None]]}
    bring_in_papers(database, tmp_path, dated)
    assert _links(database, "37130004") == [("00000002", date(2013, 1, 1), None, "")]


def test_a_household_with_two_cadres_comes_in_and_is_listed(
    database: Database, tmp_path: Path
) -> None:
    doubled = papers()
    doubled[Kind.LINKS].append(["37130001", "00000003", "2020-01-01", None, None])
    report = bring_in_papers(database, tmp_path, doubled)
    assert report.committed
    assert report.coverage is not None
    assert report.coverage.gaps[Gap.TWO_CADRES] == 1
    assert not report.coverage.is_complete
    assert sum("两名以上联系干部" in one.what for one in report.problems) == 2


def test_households_of_a_cadre_who_left_are_without_one(database: Database, tmp_path: Path) -> None:
    gone = papers()
    gone[Kind.CADRES][0].append("离任日期")
    for row in gone[Kind.CADRES][1:]:
        row.append("2026-06-01" if row[0] == "00000003" else None)
    report = bring_in_papers(database, tmp_path, gone)
    assert report.coverage is not None
    assert report.coverage.gaps[Gap.NO_CADRE] == 2
    assert sum("已离任" in one.what for one in report.problems) == 2


def test_a_new_head_ends_the_term_of_the_old_one(database: Database, tmp_path: Path) -> None:
    bring_in_papers(database, tmp_path, papers())
    header = papers()[Kind.HEADS][0]
    promoted = papers()[Kind.CADRES]
    promoted[2][4] = "副科级"
    report = bring_in_papers(
        database,
        tmp_path,
        {Kind.CADRES: promoted, Kind.HEADS: [header, ["V1", "00000002", "2026-01-01", None]]},
    )
    assert report.merged[Kind.HEADS] == Merged(1, 0, 0, closed=1)
    with database.read() as db:
        old = db.scalars(select(tables.GridHead).where(tables.GridHead.cadre == "00000001")).one()
        assert old.until == date(2026, 1, 1)


def test_a_code_that_comes_twice_is_named_with_both_places(
    database: Database, tmp_path: Path
) -> None:
    files = write_csv(tmp_path, papers())
    header, *rows = papers()[Kind.HOUSEHOLDS]
    (tmp_path / "乡镇").mkdir()
    other = write_xlsx(tmp_path / "补报.xlsx", {"东片": [["补报"], header, rows[2]]})
    report = bring_in(database, [*files, other])
    (error,) = [one for one in report.problems if one.severity is Severity.ERROR]
    assert (error.file, error.sheet, error.row) == ("补报.xlsx", "东片", 3)
    assert error.value == "37130003"
    assert "households.csv第4行" in error.what
    assert _is_untouched(database)


def test_a_link_with_two_ends_is_named_with_both_places(database: Database, tmp_path: Path) -> None:
    twice = papers()
    household, cadre, since, *_ = twice[Kind.LINKS][1]
    twice[Kind.LINKS].append([household, cadre, since, "2026-01-01", None])
    report = bring_in_papers(database, tmp_path, twice)
    (error,) = [one for one in report.problems if one.severity is Severity.ERROR]
    assert (error.row, error.column, error.value) == (9, "联系截止", "2026-01-01")
    assert "links.csv第2行" in error.what
    assert _is_untouched(database)


def test_marks_reach_the_assessment_and_the_import_is_on_record(
    database: Database, tmp_path: Path
) -> None:
    bring_in_papers(database, tmp_path, papers())
    with database.read() as db:
        (year,) = inputs_of(db, [2026])
        (batch,) = latest_batches(db, 5)
        (line,) = audit.latest(db, 5)
    assert (year.household_score_tenths, year.unit_rating_tenths) == (885, 910)
    assert year.inspection_tenths is None
    assert batch.counts["联系户"] == {"new": 7, "changed": 0, "unchanged": 0, "closed": 0}
    assert len(batch.files["households.csv"]) == 64
    assert (line.actor, line.action, line.subject) == ("cli:test", "roster.import", batch.id)
