"""Which day it is, what may be marked when, and what a report counts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evalsys.domain.station_day import (
    Attendance,
    Duty,
    Grouping,
    Mark,
    MarkChannel,
    Month,
    Shift,
    StationDay,
    StationLine,
    StationRule,
    attended,
    check_mark,
    check_month,
    grouped,
    station_date,
    total,
)
from evalsys.errors import EvalsysError, InvalidInput, RuleViolation

NOVEMBER = Month(2026, 11)
AT = datetime(2026, 11, 28, 2, tzinfo=UTC)
STATION = StationDay(NOVEMBER, date(2026, 11, 28), date(2026, 12, 3), "office", AT)
MARK = Mark("00000001", Attendance.PRESENT, "", MarkChannel.DESK, "office", AT)


def weekdays(*but: date) -> Callable[[date], bool]:
    return lambda day: day.weekday() < 5 and day not in but


@pytest.mark.parametrize(
    ("month", "rule", "expected"),
    [
        (NOVEMBER, StationRule(28, Shift.STAYS, 5), date(2026, 11, 28)),  # a Saturday
        (NOVEMBER, StationRule(28, Shift.NEXT, 5), date(2026, 12, 1)),
        (NOVEMBER, StationRule(28, Shift.BEFORE, 5), date(2026, 11, 27)),
        (Month(2026, 10), StationRule(28, Shift.NEXT, 5), date(2026, 10, 28)),
        (Month(2026, 2), StationRule(31, Shift.STAYS, 5), date(2026, 2, 28)),
    ],
)
def test_the_day_moves_as_the_rule_says(month: Month, rule: StationRule, expected: date) -> None:
    assert station_date(month, rule, weekdays(date(2026, 11, 30))) == expected


def test_a_county_without_a_station_day_says_so() -> None:
    with pytest.raises(RuleViolation, match="没有驻点日"):
        station_date(NOVEMBER, StationRule(0, Shift.STAYS, 5), weekdays())
    with pytest.raises(RuleViolation, match="附近没有工作日"):
        station_date(NOVEMBER, StationRule(28, Shift.NEXT, 5), lambda _day: False)
    for far in (Month(2027, 2), Month(2025, 10)):
        with pytest.raises(InvalidInput, match="太远"):
            check_month(far, date(2026, 11, 2))
    check_month(Month(2026, 12), date(2026, 11, 2))
    with pytest.raises(InvalidInput, match="不是月份"):
        Month.read("2026-13")


OWN = replace(MARK, channel=MarkChannel.HANDHELD)
AWAY = replace(MARK, attendance=Attendance.EXCUSED, reason="出差")


@pytest.mark.parametrize(
    ("mark", "today", "said"),
    [
        (OWN, date(2026, 11, 28), ""),
        (OWN, date(2026, 11, 29), "只在驻点日"),
        (replace(OWN, attendance=Attendance.EXCUSED, reason="x"), date(2026, 11, 28), "只在驻点日"),
        (MARK, date(2026, 11, 27), "还没有到"),
        (MARK, date(2026, 12, 3), ""),
        (MARK, date(2026, 12, 4), "已经过了"),
        (AWAY, date(2026, 11, 20), ""),
        (replace(AWAY, reason=" "), date(2026, 11, 28), "没有写原因"),
    ],
)
def test_a_mark_has_its_time_and_an_absence_its_reason(mark: Mark, today: date, said: str) -> None:
    if not said:
        check_mark(mark, STATION, today)
        return
    with pytest.raises(EvalsysError, match=said):
        check_mark(mark, STATION, today)


def test_a_report_counts_the_last_mark_and_silence_as_missing() -> None:
    duties = [
        Duty("00000001", "王", "水利局", "V1", "柴山村", "马站镇"),
        Duty("00000002", "李", "水利局", "V2", "东泉村", "马站镇"),
        Duty("00000003", "赵", "教育局", "V3", "南庄", "高桥镇"),
    ]
    marks = [MARK, replace(AWAY, cadre="00000002"), replace(MARK, cadre="00000002")]
    months = {NOVEMBER: attended(duties, marks), Month(2026, 10): attended(duties[:1], ())}
    assert grouped({NOVEMBER: months[NOVEMBER]}, Grouping.UNIT) == (
        StationLine("教育局", 1, 0, 0),
        StationLine("水利局", 2, 2, 0),
    )
    by_month = grouped(months, Grouping.MONTH)
    assert [(line.name, line.due, line.missing) for line in by_month] == [
        ("2026-10", 1, 1),
        ("2026-11", 3, 1),
    ]
    whole = total(months, "合计")
    assert (whole.due, whole.present, whole.share()) == (4, 2, whole.share())
    assert str(whole.share()) == "1/2"
    assert StationLine("x", 0, 0, 0).share() is None
    assert [line.name for line in grouped(months, Grouping.TOWNSHIP)] == ["马站镇", "高桥镇"]
