"""What rows refer to must be there; what a refused header hides is counted, not an error a row."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import Kind
from evalsys.store.database import Database
from evalsys.store.schema import roster as tables
from tests.roster_papers import bring_in_papers, papers


def _is_untouched(database: Database) -> bool:
    with database.read() as db:
        entities = (tables.Grid, tables.Household, tables.ImportBatch, tables.GridLevel)
        return not any(db.scalar(select(func.count()).select_from(one)) for one in entities)


@pytest.mark.parametrize(  # the cell is (row from 0, column from 0)
    ("kind", "cell", "value", "column"),
    [
        (Kind.GRIDS, (4, 3), "W9", "上级网格编码"),
        (Kind.UNITS, (1, 2), "00000009", "主要负责人编号"),
        (Kind.CADRES, (1, 2), "U9", "单位编码"),
        (Kind.CADRES, (1, 6), "G9", "联系网格编码"),
        (Kind.HEADS, (1, 0), "V9", "网格编码"),
        (Kind.HEADS, (1, 1), "00000009", "负责人编号"),
        (Kind.HOUSEHOLDS, (1, 2), "V9", "所属网格编码"),
        (Kind.LINKS, (1, 0), "37139999", "户编码"),
        (Kind.LINKS, (1, 1), "00000009", "干部编号"),
        (Kind.VISITS, (1, 0), "37139999", "户编码"),
        (Kind.REQUESTS, (1, 1), "37139999", "户编码"),
        (Kind.ASSESSMENT, (1, 0), "00000009", "干部编号"),
        # ... and codes that exist but on the wrong level:
        (Kind.GRIDS, (4, 3), "T1", "上级网格编码"),
        (Kind.CADRES, (1, 6), "V1", "联系网格编码"),
        (Kind.HOUSEHOLDS, (1, 2), "W1", "所属网格编码"),
        (Kind.HEADS, (1, 1), "00000002", "负责人编号"),
        # ... and days that no calendar of deadlines knows:
        (Kind.REQUESTS, (2, 3), "2005-01-01", "提出日期"),
        (Kind.REQUESTS, (1, 6), "2090-01-01", "办结日期"),
    ],
)
def test_what_refers_to_nothing_or_to_the_wrong_level_is_named_and_nothing_comes_in(
    database: Database, tmp_path: Path, kind: Kind, cell: tuple[int, int], value: str, column: str
) -> None:
    row, at = cell
    wrong = papers()
    wrong[kind][row][at] = value
    report = bring_in_papers(database, tmp_path, wrong)
    places = {
        (one.file, one.row, one.column, one.value)
        for one in report.problems
        if one.severity is Severity.ERROR
    }
    assert (f"{kind}.csv", row + 1, column, value) in places
    assert _is_untouched(database)


@pytest.mark.parametrize(
    ("kind", "header", "counted"),
    [
        (
            Kind.CADRES,
            "单位编码",
            {
                ("units.csv", "主要负责人编号", 1),
                ("heads.csv", "负责人编号", 1),
                ("links.csv", "干部编号", 7),
                ("visits.csv", "干部编号", 3),
                ("requests.csv", "干部编号", 2),
                ("assessment.csv", "干部编号", 1),
            },
        ),
        (
            Kind.GRIDS,
            "层级",
            {
                ("cadres.csv", "联系网格编码", 3),
                ("heads.csv", "网格编码", 1),
                ("households.csv", "所属网格编码", 7),
            },
        ),
    ],
)
def test_a_refused_header_is_one_error_and_what_named_its_rows_is_counted(
    database: Database, tmp_path: Path, kind: Kind, header: str, counted: set[tuple[str, str, int]]
) -> None:
    wrong = papers()
    wrong[kind][0][wrong[kind][0].index(header)] = "备注"
    report = bring_in_papers(database, tmp_path, wrong)
    (error,) = (one for one in report.problems if one.severity is Severity.ERROR)
    assert (error.file, error.row) == (f"{kind}.csv", 1)
    assert header in error.what
    unchecked = {
        (one.file, one.column, int(one.what.split()[0].rpartition("，")[2]))
        for one in report.problems
        if "没有核对" in one.what
    }
    assert unchecked == counted
    assert (report.committed, report.merged) == (False, {})
    assert _is_untouched(database)
