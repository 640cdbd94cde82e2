"""Assessment cycles 考核周期: years and quarters as data, open until somebody closes them (G10)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NewType

from evalsys.errors import InvalidInput, RuleViolation

CycleCode = NewType("CycleCode", str)
"""`2026` is a year, `2026Q3` its third quarter."""

_CODE: Final = re.compile(r"(20[0-9]{2}|2100)(?:Q([1-4]))?")
_WRITTEN: Final = re.compile(
    r"(20[0-9]{2}|2100)年?(?:度|[-/]?[qQ]([1-4])|[-/]?第?([1-4一二三四])季度?)?"
)
_ORDINALS: Final = {"一": "1", "二": "2", "三": "3", "四": "4"}
_LAST_MONTHS: Final = (3, 6, 9, 12)


class CycleKind(StrEnum):
    """How long a cycle is."""

    YEAR = "年度"
    QUARTER = "季度"


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle: its first and last day, who opened it, who closed it for good."""

    code: CycleCode
    kind: CycleKind
    first: date
    last: date
    opened_by: str
    opened_at: datetime
    closed_by: str = ""
    closed_at: datetime | None = None

    @property
    def is_closed(self) -> bool:
        """Whether input goes through a correction only."""
        return self.closed_at is not None

    @property
    def year(self) -> int:
        """The year that it belongs to."""
        return year_of(self.code)


def year_of(code: CycleCode) -> int:
    """Return the year of a cycle."""
    return int(code[:4])


def quarter_of(code: CycleCode) -> int:
    """Return the number of a quarter, 0 for a year."""
    return int(code[5:] or 0)


def read_code(text: str) -> CycleCode | None:
    """Read a code as people write it: 2026年度, 2026Q3, 2026年第三季度; None if it is none."""
    found = _WRITTEN.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        return None
    year, letter, ordinal = found.groups()
    quarter = letter or _ORDINALS.get(ordinal, ordinal)
    return CycleCode(f"{year}Q{quarter}" if quarter else year)


def calendar_days(code: CycleCode) -> tuple[date, date]:
    """Return first and last day as the calendar has them.

    Raises:
        InvalidInput: it is no code of a cycle.
    """
    if _CODE.fullmatch(code) is None:
        raise InvalidInput(
            f"没有“{code}”这样的考核周期。", remedy="年度写 2026，季度写 2026Q3。", place="周期"
        )
    year, quarter = year_of(code), quarter_of(code)
    first = date(year, 3 * quarter - 2 if quarter else 1, 1)
    month = _LAST_MONTHS[quarter - 1]
    following = date(year + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)


def new_cycle(
    code: CycleCode,
    first: date,
    last: date,
    known: Iterable[Cycle],
    *,
    by: str,
    at: datetime,
) -> Cycle:
    """Open a cycle beside those that are `known`.

    Raises:
        InvalidInput: days that cannot be, outside its year, or shared with another quarter.
        RuleViolation: it is there already, or its year is closed.
    """
    calendar_days(code)
    kind = CycleKind.QUARTER if quarter_of(code) else CycleKind.YEAR
    others = {cycle.code: cycle for cycle in known}
    if code in others:
        raise RuleViolation(f"考核周期 {code} 已经建立。", remedy="请从列表进入。")
    if first > last:
        raise InvalidInput("截止日早于起始日。", remedy="请核对日期。", place="截止日")
    whole = others.get(CycleCode(code[:4]))
    year_first, year_last = (
        (whole.first, whole.last) if whole else calendar_days(CycleCode(code[:4]))
    )
    if kind is CycleKind.QUARTER and not year_first <= first <= last <= year_last:
        raise InvalidInput(
            f"季度不在年度 {code[:4]}（{year_first.isoformat()} 至 {year_last.isoformat()}）之内。",
            remedy="请核对日期。",
            place="起始日",
        )
    if whole and whole.is_closed:
        raise RuleViolation(
            f"年度 {code[:4]} 已经关闭，不能再建立季度。", remedy="有误的成绩请走更正程序。"
        )
    for other in others.values():
        if other.kind is kind and first <= other.last and other.first <= last:
            raise InvalidInput(
                f"与 {other.code}（{other.first.isoformat()} 至 {other.last.isoformat()}）重叠。",
                remedy="请核对日期。",
                place="起始日",
            )
    return Cycle(code, kind, first, last, by, at)


def check_may_close(cycle: Cycle, today: date) -> None:
    """Insist that a cycle can be closed on this day.

    Raises:
        RuleViolation: it is closed, or not over yet.
    """
    if cycle.is_closed:
        raise RuleViolation(f"考核周期 {cycle.code} 已经关闭。", remedy="不必再关闭。")
    if today <= cycle.last:
        raise RuleViolation(
            f"考核周期 {cycle.code} 到 {cycle.last.isoformat()} 才结束。",
            remedy="请在结束之后关闭。",
        )


def closed_codes(cycles: Iterable[Cycle]) -> frozenset[CycleCode]:
    """Name what takes no more input: closed cycles, and every quarter of a closed year."""
    closed = [cycle for cycle in cycles if cycle.is_closed]
    quarters = (
        CycleCode(f"{cycle.code}Q{n}")
        for cycle in closed
        if cycle.kind is CycleKind.YEAR
        for n in range(1, 5)
    )
    return frozenset({cycle.code for cycle in closed} | set(quarters))
