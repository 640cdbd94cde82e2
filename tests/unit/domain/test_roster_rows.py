"""Rows: every problem of every cell is reported with its place, good rows come through."""

from collections.abc import Sequence

from evalsys.domain.roster_cells import Cell, Parsed
from evalsys.domain.roster_headers import Recognised, recognise
from evalsys.domain.roster_problems import KEPT_PROBLEMS, ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_rows import RowReader

HOUSEHOLDS = ["户编码", "户主姓名", "所属网格编码", "家庭人口", "联系电话", "备用电话"]


def _read(
    header: Sequence[Cell], *rows: Sequence[Cell]
) -> tuple[list[tuple[int, list[Parsed]]], list[ImportProblem]]:
    found = recognise([header])
    assert isinstance(found, Recognised)
    problems: list[ImportProblem] = []
    reader = RowReader(found, "户.xlsx", "东片", problems.append)
    return list(reader.read(enumerate(rows, start=2))), problems


def test_clean_rows_come_through_with_phones_last() -> None:
    rows, problems = _read(HOUSEHOLDS, ["3713", "王五", "V1", 3.0, "15400000001", ""])
    assert rows == [(2, ["3713", "王五", "V1", 3, ("+8615400000001",), ()])]
    assert problems == []


def test_every_fault_of_a_row_is_told_with_its_place_and_value() -> None:
    rows, problems = _read(HOUSEHOLDS, ["3713", "王\x07", 3.7e17, 0.0, "", ""])
    assert rows == []
    assert [(one.row, one.column, one.severity) for one in problems] == [
        (2, "户主姓名", Severity.ERROR),
        (2, "所属网格编码", Severity.ERROR),
        (2, "家庭人口", Severity.ERROR),
    ]
    assert problems[0].place == "户.xlsx 工作表“东片” 第2行 “户主姓名”列"
    assert problems[1].value == "3.7e+17"
    assert all(one.what and one.remedy for one in problems)


def test_keys_of_refused_rows_are_kept_as_other_sheets_write_them() -> None:
    found = recognise([HOUSEHOLDS])
    assert isinstance(found, Recognised)
    reader = RowReader(found, "户.xlsx", "东片", lambda _: None)
    rest = ["王五", "", "", "", ""]  # no grid
    assert not list(reader.read([(2, [37130001.0, *rest]), (3, ["37 13", *rest])]))
    assert reader.refused_keys == {"37130001", "3713"}


def test_needed_cells_must_be_filled_and_short_rows_are_filled_up() -> None:
    rows, problems = _read(HOUSEHOLDS, ["3713", "  "], ["3714", "李四", "V1"])
    assert [line for line, _ in rows] == [3]
    assert {one.column for one in problems} == {"户主姓名", "所属网格编码"}


def test_a_row_that_overflows_its_header_is_refused_for_its_cells_may_have_moved() -> None:
    moved = ["3713", "王五", "V1", "3", "15400000001", "", "", "东头第二家"]
    rows, problems = _read(HOUSEHOLDS, moved, ["3714", "李四", "V1", 2.0, "", "", " ", ""])
    assert [line for line, _ in rows] == [3]
    (told,) = problems
    assert (told.row, told.column, told.value) == (2, "H", "东头第二家")
    assert told.severity is Severity.ERROR


def test_cells_under_a_blank_end_of_the_header_overflow_too() -> None:
    _, problems = _read([*HOUSEHOLDS, "", ""], ["3713", "王五", "V1", 3.0, "", "", "", "注"])
    assert [one.column for one in problems] == ["H"]


def test_empty_rows_are_passed_over_in_silence() -> None:
    rows, problems = _read(HOUSEHOLDS, ["", "", "", "", "", ""], [" ", None], [])
    assert (rows, problems) == ([], [])


def test_a_bad_phone_is_a_warning_and_the_row_stays() -> None:
    rows, problems = _read(HOUSEHOLDS, ["3713", "王五", "V1", 3.0, "1540000", ""])
    assert len(rows) == 1
    assert [one.severity for one in problems] == [Severity.WARNING]


def test_an_end_before_its_beginning_is_refused() -> None:
    header = ["户编码", "干部编号", "联系起始", "联系截止"]
    rows, problems = _read(header, ["3713", "00000001", "2024-03-01", "2024-02-01"])
    assert rows == []
    assert problems[0].column == "联系截止"
    assert "联系起始" in problems[0].what


def test_more_answers_than_households_are_refused() -> None:
    header = ["干部编号", "年度", "联系户数", "作答户数"]
    rows, problems = _read(header, ["00000001", 2026.0, 30.0, 31.0])
    assert rows == []
    assert problems[0].severity is Severity.ERROR


def test_frontline_teachers_are_left_out_with_a_remark() -> None:
    header = ["干部编号", "姓名", "单位编码", "职务", "职级", "人员类别", "联系网格编码"]
    rows, problems = _read(
        header, ["00000001", "王五", "U1", "教师", "专业技术人员", "一线教师", "G1"]
    )
    assert rows == []
    assert [one.severity for one in problems] == [Severity.WARNING]


def test_beyond_a_bound_problems_are_counted_only() -> None:
    log = ProblemLog()
    problem = ImportProblem(Severity.ERROR, "a", "b", 1, "c", "d", "e", "f")
    for _ in range(KEPT_PROBLEMS + 5):
        log.add(problem)
    assert (len(log.kept), log.errors, log.warnings) == (KEPT_PROBLEMS, KEPT_PROBLEMS + 5, 0)
