"""Terms of links 联系期限: what follows when one is over (L11).

一定三年、责任包干，不因职务、岗位调整而调整: a link has a term where the county's preset says so.
The end of a term ends no link: until somebody decides, the cadre goes on answering for the
household. Two things can be decided, each proposed by one person and approved by another: the
link is renewed, and its next term is counted from the end of the last one; or the households
whose term is over are handed over (`link_handover`, reason 任期届满).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from evalsys.domain.ruling import OPEN, Ruling
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation

MOST_AHEAD = timedelta(days=366)
SHOWN_AHEAD = timedelta(days=90)
"""The list names what falls due within this time, unless another day is asked for."""


class Scope(StrEnum):
    """Whose links a renewal is about."""

    CADRE = "cadre"
    GRID = "grid"
    """Of every serving cadre on a grid or below it."""
    HOUSEHOLD = "household"


@dataclass(frozen=True, slots=True)
class LinkTerm:
    """The present term of an open link."""

    household: str
    cadre: str
    link_since: date
    begins: date
    """First day of the present term: of the link, or of its last renewal."""
    number: int
    """1 for the first term."""

    def ends(self, years: int) -> date:
        """Return the first day on which the term is over."""
        return years_after(self.begins, years)

    def renewed(self, years: int, on: date) -> date:
        """Return the first day of the next term, when it is renewed on a day.

        It follows the last one without a gap. Where it would be over again already, because
        nobody decided for longer than a term, it begins on the day of the decision.
        """
        end = self.ends(years)
        return on if years_after(end, years) <= on else end


@dataclass(frozen=True, slots=True)
class TermLine:
    """A link whose term is due, as the list shows it."""

    term: LinkTerm
    name: str
    """Of the cadre."""
    unit: str
    township: str
    ends: date
    is_over: bool
    """Whether the term is over on the day the list was made."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """The links of a scope whose term is over by a day are to be renewed."""

    scope: Scope
    code: str
    due_by: date
    """Links whose term is over on this day."""
    reason: str


@dataclass(frozen=True, slots=True)
class RenewalAct:
    """A renewal with who wants it, how much it concerns, and what became of it."""

    id: int
    renewal: Renewal
    title: str
    """Name of the cadre or grid, or code of the household."""
    years: int
    """Length of a term when it was proposed."""
    links: int
    cadres: int
    proposed_by: str
    proposed_at: datetime
    state: Ruling = Ruling.PROPOSED
    ruled_by: str = ""
    ruled_at: datetime | None = None
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may yet take effect."""
        return self.state in OPEN


def check_renewal(renewal: Renewal, years: int, links: int, today: date) -> None:
    """Say whether a renewal may be proposed.

    Raises:
        RuleViolation: links have no term here, or none is due.
        InvalidInput: no reason, or a day that cannot be.
    """
    if not years:
        raise RuleViolation(
            "本县的网格方案没有规定联系期限：联系长期不变，不必续期。",
            remedy="期限写在网格方案的 term_years，见 docs/grid.md。",
        )
    if not one_line(renewal.reason, "理由", longest=LONGEST_TEXT):
        raise InvalidInput("没有写理由。", remedy="请写依据的文件或会议。", place="理由")
    if renewal.due_by > today + MOST_AHEAD:
        raise InvalidInput(
            f"{renewal.due_by} 在一年以后。",
            remedy="请填一年之内的日期：期限快满时再续。",
            place="期满日",
        )
    if not links:
        raise RuleViolation(
            f"到 {renewal.due_by} 没有期满的联系关系。", remedy="请核对编码，或填更晚的期满日。"
        )


def years_after(day: date, years: int) -> date:
    """Return the day so many years later; the 29th of February becomes the 1st of March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
