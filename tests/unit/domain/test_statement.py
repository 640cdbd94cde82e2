"""Statements of a year: when they are taken, what is kept, and what still lacks (Y78)."""

from dataclasses import replace
from datetime import date

import pytest

from evalsys.domain.assessment import Counts
from evalsys.domain.casebook import Noted, Paper
from evalsys.domain.cycles import Cycle, CycleCode, CycleKind
from evalsys.domain.statement import (
    LONGEST_STATEMENT,
    Duties,
    Duty,
    Stated,
    StatementKind,
    case_of,
    check_statement,
    year_statements,
)
from evalsys.errors import InvalidInput, WrongPhase
from evalsys.ids import CadreNumber
from tests.builders import NOON, an_official

YEAR = Cycle(CycleCode("2026"), CycleKind.YEAR, date(2026, 1, 1), date(2026, 12, 31), "zuzhi", NOON)
CADRE = CadreNumber("00000019")
TODAY = date(2026, 3, 2)


def test_words_are_kept_line_by_line_without_the_space_around_them() -> None:
    kept = check_statement(
        YEAR, "  修好村口的路 \n\n 10 月底前  \n", TODAY, closed=False, before=None
    )
    assert kept == "修好村口的路\n\n10 月底前"


@pytest.mark.parametrize(
    ("text", "before", "says"),
    [
        (" \n ", None, "没有写内容"),
        ("路" * (LONGEST_STATEMENT + 1), None, "最多 5000 个字"),
        ("修路 ", "修路", "和上一次交的一样"),
    ],
)
def test_words_that_are_none_too_many_or_no_news_are_refused(
    text: str, before: str | None, says: str
) -> None:
    with pytest.raises(InvalidInput, match=says):
        check_statement(YEAR, text, TODAY, closed=False, before=before)


@pytest.mark.parametrize(
    ("cycle", "today", "closed"),
    [
        (YEAR, date(2025, 12, 31), False),
        (YEAR, TODAY, True),
        (replace(YEAR, code=CycleCode("2026Q1"), kind=CycleKind.QUARTER), TODAY, False),
    ],
)
def test_a_year_to_come_a_closed_one_and_a_quarter_take_nothing(
    cycle: Cycle, today: date, *, closed: bool
) -> None:
    with pytest.raises(WrongPhase, match="不接收"):
        check_statement(cycle, "修路", today, closed=closed, before=None)
    late = date(2027, 1, 20)
    assert check_statement(YEAR, "年后补交", late, closed=False, before=None) == "年后补交"


def _noted(seq: int, statement: StatementKind, day: date) -> Noted[Stated]:
    paper = Paper(f"p{seq}", statement.value, "text/plain", "00", 2)
    return Noted(Stated(CADRE, YEAR.code, statement, day, paper), "wang", NOON, seq)


def test_the_last_of_each_kind_holds_and_all_stay() -> None:
    case = case_of(YEAR.code, CADRE)
    assert year_statements(case, ()) is None
    noted = [
        _noted(1, StatementKind.PLEDGE, date(2026, 1, 5)),
        _noted(2, StatementKind.REPORT, date(2026, 12, 1)),
        _noted(3, StatementKind.PLEDGE, date(2026, 2, 1)),
    ]
    year = year_statements(case, noted)
    assert year is not None
    assert (year.seq, len(year.stated), year.cadre) == (3, 3, CADRE)
    pledge = year.last(StatementKind.PLEDGE)
    assert pledge is not None
    assert pledge.event.stated_on == date(2026, 2, 1)


def test_a_year_lacks_what_nobody_handed_in_and_whom_nobody_answered() -> None:
    nothing = Duties(an_official(), None, None, Counts(asked=30, answered=0))
    assert [duty for duty in Duty if nothing.lacks(duty)] == list(Duty)
    whole = replace(
        nothing, pledged_on=TODAY, reported_on=TODAY, appraised=Counts(asked=30, answered=1)
    )
    assert not any(whole.lacks(duty) for duty in Duty)
