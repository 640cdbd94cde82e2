"""Talks with cadres 谈话: due, notified, held, recorded (Y61, Y75, Y76).

A unit whose unqualified person-times reach the number owes its principal an admonishing talk
诫勉谈话; a cadre who did not know of or accompany a first petition is called in 约谈, and so may be
whoever is above.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, get_args

from evalsys.domain.casebook import Language, Noted, Paper
from evalsys.domain.personnel import Cadre
from evalsys.domain.personnel_county import Evaluation, UnitStanding
from evalsys.domain.working_days import after_working_days
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber


class TalkKind(StrEnum):
    """What a talk is about."""

    ADMONITION = "诫勉谈话"
    """With the principal of a unit (Y61)."""
    PETITION = "初访约谈"
    """With a cadre who did not know of or accompany a first petition (Y75)."""
    ABOVE = "约谈上级"
    """With whoever is above somebody who was called in (Y76)."""


class TalkStage(StrEnum):
    """Where a talk stands."""

    TO_NOTIFY = "待送达"
    TO_HOLD = "待谈话"
    OVERDUE = "逾期"
    HELD = "已谈话"
    WITHDRAWN = "已撤销"


@dataclass(frozen=True, slots=True)
class TalkOrdered:
    """A talk is owed, until the day `due_on`; `origin` says of what, once."""

    kind: TalkKind
    cadre: CadreNumber
    origin: str
    reason: str
    due_on: date


@dataclass(frozen=True, slots=True)
class NoticeServed:
    """The notice was handed over."""

    document: str
    served_on: date


@dataclass(frozen=True, slots=True)
class TalkHeld:
    """The talk took place; what was said is kept sealed."""

    held_on: date
    held_by: str
    record: Paper


@dataclass(frozen=True, slots=True)
class TalkWithdrawn:
    """The talk is not owed after all."""

    reason: str


TalkEvent = TalkOrdered | NoticeServed | TalkHeld | TalkWithdrawn
TALK: Final[Language[TalkEvent]] = Language(*get_args(TalkEvent))


@dataclass(frozen=True, slots=True)
class Talk:
    """The state of one talk after its events."""

    id: str
    ordered: TalkOrdered
    ordered_by: str
    seq: int
    notice: NoticeServed | None = None
    notified_by: str = ""
    held: TalkHeld | None = None
    withdrawn: TalkWithdrawn | None = None

    @property
    def cadre(self) -> CadreNumber:
        """With whom."""
        return self.ordered.cadre

    def stage(self, day: date) -> TalkStage:
        """Say where the talk stands on `day`."""
        if self.withdrawn is not None:
            return TalkStage.WITHDRAWN
        if self.held is not None:
            return TalkStage.HELD
        if day > self.ordered.due_on:
            return TalkStage.OVERDUE
        return TalkStage.TO_HOLD if self.notice else TalkStage.TO_NOTIFY


@dataclass(frozen=True, slots=True)
class OwedAdmonition:
    """A unit that owes its principal a talk for a year, and the talk once it is ordered."""

    standing: UnitStanding
    year: int
    principal: Cadre | None
    """None: the roster names none, which has to be put right first."""
    talk: Talk | None


def talk(case: str, events: Iterable[Noted[TalkEvent]]) -> Talk | None:
    """Fold the events of a talk; None when there are none."""
    found: Talk | None = None
    for noted in events:
        match noted.event:
            case TalkOrdered() as ordered:
                found = Talk(case, ordered, noted.by, noted.seq)
            case _ if found is None:
                continue
            case NoticeServed() as notice:
                found = replace(found, notice=notice, notified_by=noted.by, seq=noted.seq)
            case TalkHeld() as held:
                found = replace(found, held=held, seq=noted.seq)
            case TalkWithdrawn() as withdrawn:
                found = replace(found, withdrawn=withdrawn, seq=noted.seq)
    return found


def owed_admonitions(evaluation: Evaluation, talks: Sequence[Talk]) -> list[OwedAdmonition]:
    """List the units that owe an admonishing talk in the evaluation's year, ordered or not."""
    known = {one.ordered.origin: one for one in talks if one.withdrawn is None}
    owed = []
    for unit in evaluation.units:
        if not unit.is_admonished:
            continue
        for principal in unit.principals or (None,):
            found = known.get(_origin(unit, evaluation.year, principal))
            owed.append(OwedAdmonition(unit, evaluation.year, principal, found))
    return owed


def order_admonition(
    evaluation: Evaluation,
    principal: CadreNumber,
    talks: Sequence[Talk],
    *,
    day: date,
    holidays: Collection[date],
) -> TalkOrdered:
    """Order the talk that a unit owes its principal (Y61).

    Raises:
        RuleViolation: the cadre is no principal of a unit that owes one, or it is ordered.
    """
    for owed in owed_admonitions(evaluation, talks):
        if owed.principal is None or owed.principal.number != principal:
            continue
        if owed.talk is not None:
            raise RuleViolation(
                "这次诫勉谈话已经登记。", remedy="请在列表中办理。", place=principal
            )
        unit = owed.standing
        reason = (
            f"{unit.name} {evaluation.year} 年度（累计 "
            f"{evaluation.rules.numbers['admonish_window']} 年）不合格 {unit.person_times} 人次，"
            f"达到 {unit.admonish_at} 人次"
        )
        origin = _origin(unit, evaluation.year, owed.principal)
        due_on = _due(day, evaluation.rules.numbers, holidays)
        return TalkOrdered(TalkKind.ADMONITION, principal, origin, reason, due_on)
    raise RuleViolation(
        "这名干部所在单位不合格人次没有达到，或者不是其主要负责人。",
        remedy="请看单位后果页；名册没有登记主要负责人的，先更正名册。",
        place=principal,
    )


def petition_origin(petition: str, cadre: CadreNumber) -> str:
    """Return what a talk after a first petition is owed of."""
    return f"petition:{petition}:{cadre}"


def order_petition_talk(  # noqa: PLR0913 - what is known of a petition
    cadre: CadreNumber,
    petition: str,
    talks: Sequence[Talk],
    *,
    knew: bool,
    accompanied: bool,
    day: date,
    numbers: Mapping[str, int],
    holidays: Collection[date],
) -> TalkOrdered:
    """Order the talk that follows a first petition 初访 (Y75).

    Raises:
        InvalidInput: it does not say which petition.
        RuleViolation: the cadre knew and accompanied, or the talk is ordered.
    """
    named = _written(petition, "初访登记号", LONGEST_NAME)
    if knew and accompanied:
        raise RuleViolation(
            "联系干部知情并且陪同，不需要约谈。", remedy="请核对初访登记。", place=cadre
        )
    origin = petition_origin(named, cadre)
    _check_new(origin, talks, cadre)
    lacks = "、".join(w for w, there in (("不知情", knew), ("未陪同", accompanied)) if not there)
    reason = f"群众初访（{named}），联系干部{lacks}"
    return TalkOrdered(TalkKind.PETITION, cadre, origin, reason, _due(day, numbers, holidays))


def order_talk_above(
    below: Talk,
    cadre: CadreNumber,
    talks: Sequence[Talk],
    *,
    day: date,
    numbers: Mapping[str, int],
    holidays: Collection[date],
) -> TalkOrdered:
    """Order the talk with whoever is above somebody who was called in (Y76).

    Raises:
        RuleViolation: it is the same person, the talk below was withdrawn, or this one is ordered.
    """
    if cadre == below.cadre:
        raise RuleViolation("上级不能是被约谈人本人。", remedy="请填写上级的编号。", place=cadre)
    if below.withdrawn is not None:
        raise RuleViolation("原来的谈话已经撤销。", remedy="无需约谈上级。", place=cadre)
    origin = f"above:{below.id}:{cadre}"
    _check_new(origin, talks, cadre)
    reason = f"因 {below.cadre} 的{below.ordered.kind}：{below.ordered.reason}"
    due_on = _due(day, numbers, holidays)
    return TalkOrdered(TalkKind.ABOVE, cadre, origin, reason[:LONGEST_TEXT], due_on)


def serve_notice(state: Talk, document: str, served_on: date, *, day: date) -> NoticeServed:
    """Record that the notice was handed over.

    Raises:
        InvalidInput: no document is named, or the day lies ahead.
        WrongPhase: it was served, or the talk was held or withdrawn.
    """
    check_awaits_notice(state)
    if served_on > day:
        raise InvalidInput("送达日期还没有到。", remedy="请核对日期。", place="送达日期")
    return NoticeServed(_written(document, "通知书文号", LONGEST_TEXT), served_on)


def served_for(talks: Iterable[Talk], document: str) -> str:
    """Name the talk for which a document was served; empty for none. A withdrawn talk frees it."""
    return next(
        (
            one.id
            for one in talks
            if one.notice and one.notice.document == document and one.withdrawn is None
        ),
        "",
    )


def check_awaits_notice(state: Talk) -> None:
    """Insist that a notice of this talk can be issued.

    Raises:
        WrongPhase: one was served, or the talk was held or withdrawn.
    """
    _check_open(state)
    if state.notice is not None:
        raise WrongPhase("通知书已经送达。", remedy="请登记谈话。", place=state.cadre)


def hold_talk(state: Talk, held_by: str, held_on: date, record: Paper, *, day: date) -> TalkHeld:
    """Record that the talk took place, after its notice.

    Raises:
        InvalidInput: it does not say with whom, or its day cannot be.
        WrongPhase: no notice was served, or the talk was held or withdrawn.
    """
    _check_open(state)
    if state.notice is None:
        raise WrongPhase("还没有送达通知书。", remedy="请先登记送达。", place=state.cadre)
    if not state.notice.served_on <= held_on <= day:
        raise InvalidInput(
            "谈话日期早于送达，或还没有到。", remedy="请核对日期。", place="谈话日期"
        )
    return TalkHeld(held_on, _written(held_by, "谈话人", LONGEST_NAME), record)


def withdraw_talk(state: Talk, reason: str) -> TalkWithdrawn:
    """Say that the talk is not owed after all.

    Raises:
        InvalidInput: no reason is given.
        WrongPhase: it was held or withdrawn.
    """
    _check_open(state)
    return TalkWithdrawn(_written(reason, "撤销理由", LONGEST_TEXT))


def _origin(unit: UnitStanding, year: int, principal: Cadre | None) -> str:
    return f"unit:{unit.unit}:{year}:{principal.number if principal else ''}"


def _due(day: date, numbers: Mapping[str, int], holidays: Collection[date]) -> date:
    return after_working_days(day, numbers["talk_days"], holidays)


def _check_new(origin: str, talks: Iterable[Talk], cadre: CadreNumber) -> None:
    if any(one.ordered.origin == origin and one.withdrawn is None for one in talks):
        raise RuleViolation("这次谈话已经登记。", remedy="请在列表中办理。", place=cadre)


def _check_open(state: Talk) -> None:
    if state.held is not None or state.withdrawn is not None:
        raise WrongPhase("这次谈话已经办结。", remedy="请看列表。", place=state.cadre)


def _written(text: str, place: str, longest: int) -> str:
    found = one_line(text, place, longest=longest)
    if not found:
        raise InvalidInput(f"请填写{place}。", remedy="补全后再提交。", place=place)
    return found
