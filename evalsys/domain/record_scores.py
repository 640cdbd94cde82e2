"""Scores that a cycle takes over from the county's own records: sessions, promises, requests.

A score is a share of facts, in tenths of 100 points: session rounds that ended 属实 of those that
are decided (Y53-Y54), promises ruled kept of those ruled on (Y53; of units Y69), requests answered
in time and not contradicted by the household of those that are due (L13, Y19, Y54), and for a unit
what households made of its programmes (Y39). What is still open is counted beside it and never in
it: a suspicion is no conviction. What such a score weighs is a dated number of the rulebook.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from evalsys.domain.assessment import NOBODY, Component, Counts, YearScore, show_tenths
from evalsys.domain.casework.standing import Standing
from evalsys.domain.casework.words import CloseReason, Confirmation, PartyKind
from evalsys.domain.component_scores import ComponentScore, Origin, Subject
from evalsys.domain.cycles import Cycle, CycleCode
from evalsys.domain.live.words import Verdict
from evalsys.domain.personnel import (
    InvestigationOutcome,
    InvestigationReport,
    PledgeOutcome,
    SessionFinding,
)
from evalsys.domain.scoring import BAND_WORDS, Band
from evalsys.domain.unit_pledges import UnitPledge, pledge_score
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, UnitCode

FROM_RECORDS: Final = (
    (Subject.CADRE, Component.SESSION),
    (Subject.CADRE, Component.PLEDGES),
    (Subject.CADRE, Component.REQUESTS),
    (Subject.UNIT, Component.SPOT_CHECK),
    (Subject.UNIT, Component.PLEDGES),
)
"""What is taken over, in the order in which it is shown."""

NOBODYS: Final = (CloseReason.UNFOUNDED, CloseReason.DUPLICATE, CloseReason.WITHDRAWN)
"""Closed so, a request is charged to nobody."""

TAKEN_AGAIN: Final = "按县内记录重新计算"
GONE: Final = "县内记录中已没有可计的事项"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many facts are on record about somebody, how many are decided, how many went well."""

    known: int
    decided: int
    good: int

    def __post_init__(self) -> None:
        """Refuse counts that contradict each other."""
        if not 0 <= self.good <= self.decided <= self.known:
            raise ValueError(self)

    @property
    def tenths(self) -> int | None:
        """The share that went well, half up; None while nothing is decided."""
        whole = self.decided
        return (2 * 1000 * self.good + whole) // (2 * whole) if whole else None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the records say of one component of one subject, up to a day."""

    subject: Subject
    code: str
    component: Component
    tenths: int | None
    facts: int
    """How many facts it is of: rounds, promises, requests that are due, programmes heard."""
    told: str
    """Source and n in words; stands as the document of the score."""
    counts: Counts = NOBODY
    """Households called and heard, where households judged."""
    band: Band | None = None
    """Where all households gave alike: what is shown; `tenths` is its class mark then."""

    @property
    def shown(self) -> str:
        """The score as views show it: a decimal, the words of a band, or empty."""
        if self.band is not None:
            return BAND_WORDS[self.band]
        return "" if self.tenths is None else show_tenths(self.tenths)


class Fate(StrEnum):
    """What taking over does with one component of one subject."""

    NEW = "新增"
    CHANGED = "变更"
    UNCHANGED = "不变"
    KEPT = "保留录入值"
    """A score that somebody entered, or corrected with a second person, stands; it is told."""
    LATER = "已有较晚的取用"
    """Taken over as of a later day already: an earlier day cannot replace it."""
    OPEN = "尚无定论"
    """There are facts, none of them decided; nothing is entered."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One component of one subject: what the records say, what stands, what becomes of it."""

    recorded: Recorded
    standing: ComponentScore | None
    fate: Fate


def check_day(cycle: Cycle, as_of: date, today: date) -> None:
    """Insist on a day on which this cycle can be reckoned.

    Raises:
        InvalidInput: the day lies ahead, or before the cycle begins.
    """
    if as_of > today:
        raise InvalidInput(
            f"截止日 {as_of.isoformat()} 还没有到。", remedy="请选今天或以前的日期。", place="as_of"
        )
    if as_of < cycle.first:
        raise InvalidInput(
            f"截止日 {as_of.isoformat()} 早于考核周期 {cycle.code} 的起始日。",
            remedy=f"请选 {cycle.first.isoformat()} 或以后的日期。",
            place="as_of",
        )


def check_open(cycle: Cycle, shut: Iterable[CycleCode]) -> None:
    """Insist that a cycle takes input.

    Raises:
        RuleViolation: it is closed, or its year is.
    """
    if cycle.code in set(shut):
        raise RuleViolation(
            f"考核周期 {cycle.code} 已经关闭，不再取用记录。", remedy="有误的成绩请走更正程序。"
        )


def sessions(
    findings: Iterable[SessionFinding],
    reports: Iterable[InvestigationReport],
    first: date,
    last: date,
) -> dict[CadreNumber, Tally]:
    """Count rounds of sessions held in these days, with what investigations made of them.

    Rehearsals do not count, nor rounds in which too few households completed, unless an
    investigation brought its own evidence. `reports` are those on record by then.
    """
    ended = {
        (one.cadre, one.live, one.j): one.outcome for one in reports if one.concluded_on <= last
    }
    counted: dict[CadreNumber, list[bool | None]] = defaultdict(list)
    for finding in findings:
        outcome = ended.get((finding.cadre, finding.live, finding.j))
        if finding.rehearsal or not first <= finding.held_on <= last:
            continue
        if not finding.is_enough and outcome is None:
            continue
        counted[finding.cadre].append(_went_well(finding, outcome))
    return {cadre: _tally(judged) for cadre, judged in counted.items()}


def _went_well(finding: SessionFinding, outcome: InvestigationOutcome | None) -> bool | None:
    if outcome is not None:
        return outcome is not InvestigationOutcome.FAKED
    if finding.calls_for_investigation:
        return None
    return finding.verdict is Verdict.CONFIRMED


def pledges(outcomes: Iterable[PledgeOutcome], first: date, last: date) -> dict[CadreNumber, Tally]:
    """Count promises by their last ruling up to the last day, where that lies in these days."""
    latest = {one.pledge: one for one in outcomes if one.ruled_on <= last}
    counted: dict[CadreNumber, list[bool | None]] = defaultdict(list)
    for one in latest.values():
        if one.ruled_on >= first:
            counted[one.cadre].append(one.kept)
    return {cadre: _tally(judged) for cadre, judged in counted.items()}


def requests(known: Iterable[Standing], until: datetime) -> dict[CadreNumber, Tally]:
    """Count requests as they stood at an earlier moment, by the cadre who is accountable (Y41).

    Decided are those that are closed or past their time at `until`, which is not included; good
    those answered in time whose household did not say no by then (Y54).
    """
    counted: dict[CadreNumber, list[bool | None]] = defaultdict(list)
    for one in known:
        if one.accountable_kind != PartyKind.CADRE or one.close_reason in NOBODYS:
            continue
        closed = one.closed_at if one.closed_at and one.closed_at < until else None
        overdue = one.due_at is not None and one.due_at < until
        in_time = closed is not None and (one.due_at is None or closed <= one.due_at)
        good = in_time and one.answered and one.confirmed != Confirmation.NO
        counted[CadreNumber(one.accountable)].append(good if closed or overdue else None)
    return {cadre: _tally(judged) for cadre, judged in counted.items()}


def together(
    some: Mapping[CadreNumber, Tally], others: Mapping[CadreNumber, Tally]
) -> dict[CadreNumber, Tally]:
    """Add up two counts of different facts."""
    none = Tally(0, 0, 0)
    return {
        cadre: Tally(one.known + other.known, one.decided + other.decided, one.good + other.good)
        for cadre in {**some, **others}
        for one, other in ((some.get(cadre, none), others.get(cadre, none)),)
    }


def _tally(judged: list[bool | None]) -> Tally:
    count = Counter(judged)
    return Tally(len(judged), count[True] + count[False], count[True])


def recorded(
    findings: Mapping[CadreNumber, Tally],
    promises: Mapping[CadreNumber, Tally],
    requests: Mapping[CadreNumber, Tally],
    programmes: Mapping[UnitCode, YearScore],
    unit_promises: Mapping[UnitCode, Sequence[UnitPledge]],
) -> tuple[Recorded, ...]:
    """Put into scores and words what was counted."""
    words = (
        (
            Component.SESSION,
            findings,
            "县内记录：会议认定 {known} 项，有结论 {decided} 项，属实 {good} 项",
        ),
        (Component.PLEDGES, promises, "县内记录：已认定的承诺 {decided} 项，兑现 {good} 项"),
        (
            Component.REQUESTS,
            requests,
            "县内记录：诉求 {known} 件，到期或办结 {decided} 件，按期答复且群众未否认 {good} 件",
        ),
    )
    of_cadres = (
        Recorded(
            Subject.CADRE,
            cadre,
            component,
            tally.tenths,
            tally.known,
            told.format(known=tally.known, decided=tally.decided, good=tally.good),
        )
        for component, tallies, told in words
        for cadre, tally in sorted(tallies.items())
    )
    of_units = (
        Recorded(
            Subject.UNIT,
            unit,
            Component.SPOT_CHECK,
            score.score_tenths,
            score.counts.answered or 0,
            f"县内记录：{score.note}",
            score.counts,
            score.band,
        )
        for unit, score in sorted(programmes.items())
    )
    promised = (
        Recorded(
            Subject.UNIT,
            unit,
            Component.PLEDGES,
            score.score_tenths,
            len(ruled),
            f"县内记录：{score.note}",
        )
        for unit, ruled in sorted(unit_promises.items())
        for score in (pledge_score(ruled),)
    )
    return (*of_cadres, *of_units, *promised)


def outcomes(
    found: Iterable[Recorded], standing: Iterable[ComponentScore], as_of: date
) -> tuple[Outcome, ...]:
    """Say of each what taking over as of a day does, beside the scores that hold in the cycle.

    A score that was taken over before and of which no fact is left is taken away, on record.
    """
    held = {(one.subject, one.code, one.component): one for one in standing}
    told = {(one.subject, one.code, one.component): one for one in found}
    lost = (
        Recorded(*key, None, 0, GONE)
        for key, one in held.items()
        if one.origin is Origin.RECORDS and one.tenths is not None and key not in told
    )
    return tuple(
        Outcome(one, held.get(key), _fate(one, held.get(key), as_of))
        for one in (*told.values(), *lost)
        for key in ((one.subject, one.code, one.component),)
    )


def _fate(one: Recorded, standing: ComponentScore | None, as_of: date) -> Fate:
    if standing is None:
        return Fate.OPEN if one.tenths is None else Fate.NEW
    if standing.origin is not Origin.RECORDS:
        return Fate.KEPT
    held = (standing.tenths, standing.band, standing.counts, standing.document)
    if held == (one.tenths, one.band, one.counts, one.told):
        return Fate.UNCHANGED
    return Fate.LATER if standing.held_on > as_of else Fate.CHANGED


def new_scores(
    found: Iterable[Outcome], cycle: CycleCode, as_of: date, *, by: str, at: datetime
) -> tuple[ComponentScore, ...]:
    """Make the scores that taking over enters; each names the one that it replaces."""
    scores = []
    for outcome in found:
        if outcome.fate not in {Fate.NEW, Fate.CHANGED}:
            continue
        one = outcome.recorded
        score = ComponentScore(
            subject=one.subject,
            code=one.code,
            component=one.component,
            cycle=cycle,
            tenths=one.tenths,
            counts=one.counts,
            document=one.told,
            held_on=as_of,
            entered_by=by,
            entered_at=at,
            origin=Origin.RECORDS,
            band=one.band,
        )
        if outcome.standing is not None:
            score = replace(score, corrects=outcome.standing.id, reason=TAKEN_AGAIN)
        scores.append(score)
    return tuple(scores)
