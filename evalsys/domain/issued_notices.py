"""Notices that were issued 发文: each under a number 文号 of its own, without gaps, never reused.

A number is a series, a year and a running number: 联考诫〔2026〕3号. The same notice to the same
cadre on the same grounds is issued once; one that is withdrawn keeps its number for good.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from typing_extensions import override

from evalsys.domain.casebook import Paper
from evalsys.domain.notices import Notice, NoticeKind
from evalsys.domain.talks import Talk, TalkKind
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber

_NUMBER: Final = re.compile(
    r"(?P<series>\w{1,16})[〔\[【(](?P<year>20\d\d)[〕\]】)](?P<n>\d{1,6})号?"
)


@dataclass(frozen=True, slots=True)
class NoticeNumber:
    """A number 文号."""

    series: str
    year: int
    number: int

    @override
    def __str__(self) -> str:
        """Write it as papers do."""
        return f"{self.series}〔{self.year}〕{self.number}号"


@dataclass(frozen=True, slots=True)
class IssuedNotice:
    """One notice as it was issued; its PDF is kept sealed."""

    id: int
    number: NoticeNumber
    kind: NoticeKind
    cadre: CadreNumber
    assessed_year: int
    as_of: date
    grounds: tuple[str, ...]
    """Why, in the words of the advice of that day."""
    run: str
    paper: Paper
    issued_by: str
    issued_at: datetime
    withdrawn_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_why: str = ""

    @property
    def is_withdrawn(self) -> bool:
        """Whether it no longer holds; its number stays taken."""
        return self.withdrawn_at is not None

    @property
    def case(self) -> str:
        """What its sealed paper is bound to."""
        return case_of(self.number)


def case_of(number: NoticeNumber) -> str:
    """Name what a number's sealed paper is bound to."""
    return f"notice-{number.series}-{number.year}-{number.number}"


def grounds_of(notice: Notice) -> tuple[str, ...]:
    """Say in words why a notice is due."""
    return tuple(outcome.reason for outcome in notice.grounds)


def key_of(kind: NoticeKind, cadre: CadreNumber, year: int, grounds: Sequence[str]) -> str:
    """Tell notices apart: to whom, which, for which year, on which grounds."""
    parts = "|".join((kind, cadre, str(year), *grounds))
    return hashlib.sha256(parts.encode()).hexdigest()


def read_number(text: str) -> NoticeNumber | None:
    """Read a number as people type it, brackets of any kind; None if it is none."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if found is None:
        return None
    return NoticeNumber(found["series"], int(found["year"]), int(found["n"]))


def serves(kind: TalkKind) -> NoticeKind:
    """Name the notice that is served for a talk of a kind."""
    return NoticeKind.ADMONISH if kind is TalkKind.ADMONITION else NoticeKind.INTERVIEW


def check_serves(issued: IssuedNotice, talk: Talk, taken_by: str) -> None:
    """Insist that an issued notice may be the one that was served for a talk.

    `taken_by` is the talk that it was served for before, empty for none.

    Raises:
        InvalidInput: it is another cadre's, or of a kind that is no notice of such a talk.
        RuleViolation: it was withdrawn, or served for another talk.
    """
    cadre = talk.cadre
    if issued.cadre != cadre:
        raise InvalidInput(
            f"{issued.number}是发给 {issued.cadre} 的。",
            remedy="请核对文号。",
            place="通知书文号",
        )
    if issued.kind is not serves(talk.ordered.kind):
        raise InvalidInput(
            f"{issued.number}不是{talk.ordered.kind}的通知书。",
            remedy="请填写为这次谈话签发的文号。",
            place="通知书文号",
        )
    if issued.is_withdrawn:
        raise RuleViolation(
            f"{issued.number}已经撤销。", remedy="请重新签发，用新的文号送达。", place=cadre
        )
    if taken_by:
        raise RuleViolation(
            f"{issued.number}已用于另一次谈话。", remedy="一份通知书只用于一次谈话。", place=cadre
        )
