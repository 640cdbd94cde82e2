"""What a page of the personnel room was asked for: day, year, which cadres, which page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from flask_babel import gettext as _

from evalsys.domain.investigations import SanctionDecision
from evalsys.domain.personnel_filter import Filter
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.errors import InvalidInput
from evalsys.ids import UnitCode

A_PAGE = 50
_EARLIEST_YEAR = 1900
"""Nothing here is older; a year before it is a slip of the keyboard."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of a page, as values; `given` is the query itself without the page."""

    wanted: Filter
    as_of: date | None
    year: int | None
    page: int
    given: Mapping[str, str]

    @property
    def when(self) -> Mapping[str, str]:
        """Only day and year, for links to pages that know no filter."""
        return {key: self.given[key] for key in ("as_of", "year") if key in self.given}


@dataclass(frozen=True, slots=True)
class Pages:
    """Where a list stands: rows from `first` to `last` of `count`, page numbers from 1."""

    page: int
    count: int

    @property
    def last_page(self) -> int:
        """The number of the last page, at least 1."""
        return max(1, -(-self.count // A_PAGE))

    @property
    def first(self) -> int:
        """The number of the first row shown, 0 when there is none."""
        return min(self.count, (self.page - 1) * A_PAGE + 1)

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.count, self.page * A_PAGE)


def asked(query: Mapping[str, str]) -> Asked:
    """Read a page's query; an empty value asks for nothing.

    Raises:
        InvalidInput: a value that no form of ours sends.
    """
    given = {key: value.strip() for key, value in query.items() if value.strip()}
    wanted = Filter(
        conclusion=word(given, "conclusion", Conclusion),
        side=word(given, "side", SideResult),
        unit=UnitCode(given["unit"]) if "unit" in given else None,
        township=given.get("township", ""),
        search=given.get("search", ""),
    )
    page = number(given, "page") or 1
    kept = {key: value for key, value in given.items() if key not in {"page", "lang"}}
    return Asked(wanted, day(given, "as_of"), number(given, "year"), max(1, page), kept)


def pages(page: int, count: int) -> Pages:
    """Place a page in a list of `count` rows; one past the end is the last."""
    return Pages(min(page, Pages(page, count).last_page), count)


def day(given: Mapping[str, str], key: str) -> date | None:
    """Read an ISO day, None when it is not given.

    Raises:
        InvalidInput: no such day.
    """
    if not given.get(key):
        return None
    try:
        found = date.fromisoformat(given[key]) if _DAY.fullmatch(given[key]) else None
    except ValueError:
        found = None
    if found is None or found.year < _EARLIEST_YEAR:
        raise InvalidInput(
            _("不是日期：%(value)s。", value=given[key]),
            remedy=_("请写成 2026-12-31 的样子。"),
            place=key,
        )
    return found


def sanction_decision(form: Mapping[str, str]) -> SanctionDecision:
    """Read what was decided on an established faking.

    Raises:
        InvalidInput: there is no day, or none that could be.
    """
    return SanctionDecision(
        decision=form.get("decision", ""),
        basis=form.get("basis", ""),
        decided_on=needed(day(form, "decided_on"), "decided_on"),
        until=day(form, "until"),
    )


def word(given: Mapping[str, str], key: str, words: type[Word]) -> Word | None:
    """Read a word of a closed set, None when it is not given.

    Raises:
        InvalidInput: the set has no such word.
    """
    if not given.get(key):
        return None
    try:
        return words(given[key])
    except ValueError as error:
        raise InvalidInput(
            _("没有“%(value)s”这一项。", value=given[key]),
            remedy=_("请从下拉列表中选择。"),
            place=key,
        ) from error


def number(given: Mapping[str, str], key: str) -> int | None:
    """Read a number of at most six digits, None when it is not given.

    Raises:
        InvalidInput: it is no such number.
    """
    if not given.get(key):
        return None
    if not (given[key].isascii() and given[key].isdigit() and len(given[key]) < 7):
        raise InvalidInput(
            _("应为数字：%(value)s。", value=given[key]), remedy=_("请重新输入。"), place=key
        )
    return int(given[key])


Given = TypeVar("Given")


def needed(value: Given | None, key: str) -> Given:
    """Insist on a value that a form must send.

    Raises:
        InvalidInput: it is not there.
    """
    if value is None:
        raise InvalidInput(_("这一项必须填写。"), remedy=_("请返回补上后再提交。"), place=key)
    return value
