"""Lists that the county publishes of cadres: exposure 曝光 (Y67) and honours 表彰 (Y31, Y58).

One person proposes, another approves; everybody sees who is approved, from the day of
publication until the day of removal.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, get_args

from evalsys.domain.casebook import Language, Noted
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber


class ListingKind(StrEnum):
    """Which list."""

    EXPOSURE = "曝光"
    HONOUR = "表彰"


class ListingStage(StrEnum):
    """Where an entry stands."""

    PROPOSED = "待批准"
    REJECTED = "已退回"
    WAITING = "待公布"
    PUBLIC = "公布中"
    EXPIRED = "已到期"
    REMOVED = "已撤下"


@dataclass(frozen=True, slots=True)
class ListingProposed:
    """A cadre was proposed for a list; name and unit are those of that day."""

    kind: ListingKind
    cadre: CadreNumber
    name: str
    unit_name: str
    finding: str
    basis: str


@dataclass(frozen=True, slots=True)
class ListingRuled:
    """A second person approved the entry, or sent it back."""

    approved: bool
    reason: str
    publish_on: date | None
    remove_on: date | None
    """The first day on which nobody sees it any more; None: it stays."""


@dataclass(frozen=True, slots=True)
class ListingRemoved:
    """The entry was taken down before its day."""

    reason: str
    removed_on: date


ListingEvent = ListingProposed | ListingRuled | ListingRemoved
LISTING: Final[Language[ListingEvent]] = Language(*get_args(ListingEvent))


@dataclass(frozen=True, slots=True)
class Listing:
    """The state of one entry after its events."""

    id: str
    proposed: ListingProposed
    proposed_by: str
    seq: int
    ruled: ListingRuled | None = None
    ruled_by: str = ""
    removed: ListingRemoved | None = None

    @property
    def cadre(self) -> CadreNumber:
        """Whom it names."""
        return self.proposed.cadre

    def stage(self, day: date) -> ListingStage:
        """Say where the entry stands on `day`."""
        if self.removed is not None:
            return ListingStage.REMOVED
        if self.ruled is None:
            return ListingStage.PROPOSED
        if not self.ruled.approved or self.ruled.publish_on is None:
            return ListingStage.REJECTED
        if day < self.ruled.publish_on:
            return ListingStage.WAITING
        if self.ruled.remove_on is not None and day >= self.ruled.remove_on:
            return ListingStage.EXPIRED
        return ListingStage.PUBLIC


_OPEN: Final = frozenset({ListingStage.PROPOSED, ListingStage.WAITING, ListingStage.PUBLIC})


def listing(case: str, events: Iterable[Noted[ListingEvent]]) -> Listing | None:
    """Fold the events of an entry; None when there are none."""
    found: Listing | None = None
    for noted in events:
        match noted.event:
            case ListingProposed() as proposed:
                found = Listing(case, proposed, noted.by, noted.seq)
            case _ if found is None:
                continue
            case ListingRuled() as ruled:
                found = replace(found, ruled=ruled, ruled_by=noted.by, seq=noted.seq)
            case ListingRemoved() as removed:
                found = replace(found, removed=removed, seq=noted.seq)
    return found


def propose_listing(
    evaluation: Evaluation,
    one: Assessed,
    earlier: Iterable[Listing],
    *,
    kind: ListingKind,
    finding: str,
    basis: str,
) -> ListingProposed:
    """Propose a cadre for a list.

    Raises:
        InvalidInput: finding or basis is missing.
        RuleViolation: no report establishes a faking (exposure), the rules give no preference
            (honour), or an entry is open already.
    """
    number = one.cadre.number
    same = [each for each in earlier if each.proposed.kind is kind]
    if any(each.stage(evaluation.as_of) in _OPEN for each in same):
        raise RuleViolation(f"这名干部已在{kind}名单中。", remedy="请在名单中办理。", place=number)
    if kind is ListingKind.EXPOSURE and not _is_established(one):
        raise RuleViolation(
            "没有查实弄虚作假的调查结论，不能曝光。",
            remedy="“涉嫌”不等于查实；请先登记调查结论。",
            place=number,
        )
    if kind is ListingKind.HONOUR and not is_honourable(one):
        raise RuleViolation(
            f"{evaluation.year} 年度没有“优先”的结果，或有不予提拔的结论，不能表彰。",
            remedy="显著实绩由规则认定，不按人认定。",
            place=number,
        )
    return ListingProposed(
        kind,
        number,
        one.cadre.name,
        one.cadre.unit_name,
        _written(finding, "认定"),
        _written(basis, "依据"),
    )


def rule_listing(  # noqa: PLR0913 - what a second person decides
    state: Listing,
    *,
    approved: bool,
    reason: str,
    publish_on: date | None,
    by: str,
    day: date,
    numbers: Mapping[str, int],
) -> ListingRuled:
    """Approve an entry from a day on, or send it back, as its second person.

    Raises:
        InvalidInput: the day lies behind, or there is no reason for sending back.
        RuleViolation: it is the proposer.
        WrongPhase: it was decided on.
    """
    if state.ruled is not None or state.removed is not None:
        raise WrongPhase("这一条已经有人决定。", remedy="请看名单。", place=state.cadre)
    if by == state.proposed_by:
        raise RuleViolation("提出的人不能自己批准或退回。", remedy="请由另一个人复核。")
    if not approved:
        return ListingRuled(
            approved=False, reason=_written(reason, "退回理由"), publish_on=None, remove_on=None
        )
    if publish_on is None or publish_on < day:
        raise InvalidInput(
            "公布日期没有填写，或已经过去。", remedy="最早为今天。", place="公布日期"
        )
    is_exposure = state.proposed.kind is ListingKind.EXPOSURE
    remove_on = publish_on + timedelta(days=numbers["exposure_days"]) if is_exposure else None
    why = one_line(reason, "意见", longest=LONGEST_TEXT)
    return ListingRuled(approved=True, reason=why, publish_on=publish_on, remove_on=remove_on)


def remove_listing(state: Listing, reason: str, *, day: date) -> ListingRemoved:
    """Take an entry down before its day, with a reason.

    Raises:
        InvalidInput: no reason is given.
        WrongPhase: it stands on no list.
    """
    if state.stage(day) not in _OPEN:
        raise WrongPhase("这一条现在不在名单上。", remedy="请看名单。", place=state.cadre)
    return ListingRemoved(_written(reason, "撤下理由"), day)


def is_honourable(one: Assessed) -> bool:
    """Whether the rules prefer a cadre (Y58), and nothing bars or suspends."""
    return SideResult.PREFERRED in one.verdict.side_results and one.verdict.conclusion not in {
        Conclusion.BARRED,
        Conclusion.SUSPENDED,
    }


def honour_order(evaluation: Evaluation) -> list[Assessed]:
    """Order those who can be honoured: by total, and among equals by what households said.

    Notable achievement 显著实绩 is what brings a cadre here, and the tie-break among equals of a
    list of candidates (Y58); it is no reason for a promotion by itself.
    """
    found = [one for one in evaluation.assessed if is_honourable(one)]
    return sorted(found, key=_rank)


def preferred_first(candidates: Iterable[Assessed]) -> list[Assessed]:
    """Order candidates: by total, and among equals those with notable achievement first (Y58)."""
    return sorted(candidates, key=_rank)


def _rank(one: Assessed) -> tuple[int, bool, int, CadreNumber]:
    total = -(one.annual.total_tenths or 0)
    answered = one.annual.answered * 1000 // max(1, one.annual.linked)
    return (total, not is_honourable(one), -answered, one.cadre.number)


def _is_established(one: Assessed) -> bool:
    last = {(report.live, report.j): report.outcome for report in one.record.reports}
    return bool(one.record.faked_closes) or InvestigationOutcome.FAKED in last.values()


def _written(text: str, place: str) -> str:
    found = one_line(text, place, longest=LONGEST_TEXT)
    if not found:
        raise InvalidInput(f"请填写{place}。", remedy="补全后再提交。", place=place)
    return found
