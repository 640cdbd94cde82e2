"""A promotion procedure 提拔程序: what stands, what comes next, and why not (Y62-Y65, Y80).

The gate knows no role and no person: a step is refused, with what is missing, until the steps
before it are done. 要过组织关，先过群众关.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, get_args

from evalsys.domain import promotion_events as e
from evalsys.domain.casebook import Language, Noted
from evalsys.domain.personnel import AppraisalOutcome
from evalsys.domain.personnel_decisions import Choice
from evalsys.errors import NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber

PROMOTION: Final[Language[e.PromotionEvent]] = Language(*get_args(e.PromotionEvent))


class PromotionStage(StrEnum):
    """Where a procedure stands."""

    OPENED = "已动议"
    PUBLICITY = "公示中"
    APPRAISAL = "评议中"
    CONTINUES = "程序继续"
    SUSPENDED = "程序中止"
    AGREED = "已同意"
    PROBATION = "试用期"
    DONE = "已完成"
    CLOSED = "已终止"


OVER: Final = frozenset({PromotionStage.DONE, PromotionStage.CLOSED})
"""Nothing more can come; the cadre may be proposed again."""


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection 异议, and how it was handled; `upheld` is None while it is open."""

    received: e.ObjectionReceived
    noted_by: str
    upheld: bool | None = None
    reply: str = ""
    handled_by: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """The state of one procedure after its events."""

    id: str
    opened: e.ProcedureOpened
    opened_by: str
    seq: int
    publicity: e.PublicityStarted | None = None
    objections: tuple[Objection, ...] = ()
    called: e.AppraisalCalled | None = None
    """The appraisal that is being held, or was held last."""
    counted: e.AppraisalCounted | None = None
    """The result of `called`; None while it is being held."""
    reviews: tuple[str, ...] = ()
    decision: e.DecisionMade | None = None
    decided_by: str = ""
    appointment: e.Appointed | None = None
    probation: e.ProbationEnded | None = None
    closed: e.ProcedureClosed | None = None
    timeline: tuple[Noted[e.PromotionEvent], ...] = ()

    @property
    def cadre(self) -> CadreNumber:
        """Who is proposed."""
        return self.opened.cadre

    @property
    def open_objections(self) -> tuple[Objection, ...]:
        """Objections that nobody has answered yet."""
        return tuple(one for one in self.objections if one.upheld is None)

    @property
    def is_suspended(self) -> bool:
        """Whether households are not satisfied, or an objection was upheld (Y65)."""
        no = self.counted is not None and self.counted.outcome is AppraisalOutcome.NOT_SATISFIED
        return no or any(one.upheld for one in self.objections)

    @property
    def is_uniform(self) -> bool:
        """Whether every household that answered was content: looked at again, without effect.

        Twice the county published 100 percent (Y63, Y64): the response rate belongs beside it.
        """
        counted = self.counted
        return counted is not None and 0 < counted.answered == counted.satisfied

    def stage(self, day: date) -> PromotionStage:
        """Say where the procedure stands on `day`."""
        ended = self._ended()
        if ended is not None:
            return ended
        if self.decision is not None and self.decision.choice is Choice.PROMOTE:
            return PromotionStage.AGREED if self.appointment is None else PromotionStage.PROBATION
        if self.is_suspended:
            return PromotionStage.SUSPENDED
        if not self.missing(day):
            return PromotionStage.CONTINUES
        if self.called is not None:
            return PromotionStage.APPRAISAL
        return PromotionStage.PUBLICITY if self.publicity else PromotionStage.OPENED

    def _ended(self) -> PromotionStage | None:
        refused = self.decision is not None and self.decision.choice is Choice.REFUSE
        if self.closed is not None or refused:
            return PromotionStage.CLOSED
        if self.appointment is None:
            return None
        if self.probation is not None or self.appointment.probation_until is None:
            return PromotionStage.DONE
        return None

    def missing(self, day: date) -> tuple[str, ...]:
        """List everything that still stands before the gate on `day`; empty when it is open."""
        lacks: list[str] = []
        if self.publicity is None:
            lacks += ["还没有公示"]
        elif day <= self.publicity.until:
            lacks += [f"公示到 {self.publicity.until.isoformat()} 才期满"]
        if self.open_objections:
            numbers = "、".join(str(one.received.number) for one in self.open_objections)
            lacks += [f"第 {numbers} 件异议还没有答复"]
        lacks += [
            f"第 {one.received.number} 件异议成立，程序中止"
            for one in self.objections
            if one.upheld
        ]
        return (*lacks, *self._appraisal_lacks())

    def _appraisal_lacks(self) -> tuple[str, ...]:
        if self.called is None:
            return ("还没有由其联系户开展任前群众评议",)
        if self.counted is None:
            return ("任前群众评议还没有结果",)
        match self.counted.outcome:
            case AppraisalOutcome.SATISFIED:
                return ()
            case AppraisalOutcome.NOT_SATISFIED:
                return ("任前群众评议不满意，程序中止",)
            case _:
                return (self.counted.open_because,)

    def check_running(self, day: date, what: str) -> None:
        """Insist that the procedure is neither over, suspended nor past the decision.

        Raises:
            WrongPhase: names where it stands.
        """
        stage = self.stage(day)
        if stage in {
            PromotionStage.SUSPENDED,
            PromotionStage.AGREED,
            PromotionStage.PROBATION,
            *OVER,
        }:
            raise WrongPhase(
                f"程序现在是“{stage}”，不能{what}。",
                remedy="请看时间线；需要重新提出的，先终止这一程序，再另行动议。",
                place=self.cadre,
            )

    def check_gate(self, day: date) -> None:
        """Insist that the households' gate is open: the only way to 同意提拔.

        Raises:
            RuleViolation: lists every step that is missing.
        """
        self.check_running(day, "作出同意提拔的决定")
        lacks = self.missing(day)
        if lacks:
            raise RuleViolation(
                f"提拔程序还不能进入决定：{'；'.join(lacks)}。",
                remedy="先过群众关，再过组织关；任何人都不能跳过。请逐项补齐。",
                place=self.cadre,
            )

    def objection(self, number: int) -> Objection:
        """Return one objection.

        Raises:
            NotFound: there is none of this number.
        """
        for one in self.objections:
            if one.received.number == number:
                return one
        raise NotFound(f"没有第 {number} 件异议。", remedy="请从列表中选择。")


def procedure(case: str, events: Iterable[Noted[e.PromotionEvent]]) -> Procedure | None:
    """Fold the events of a procedure; None when there are none."""
    found: Procedure | None = None
    for noted in events:
        if isinstance(noted.event, e.ProcedureOpened):
            found = Procedure(case, noted.event, noted.by, noted.seq, timeline=(noted,))
        elif found is not None:
            found = replace(_after(found, noted), seq=noted.seq, timeline=(*found.timeline, noted))
    return found


def _after(  # noqa: C901, PLR0911 - one arm an event
    state: Procedure, noted: Noted[e.PromotionEvent]
) -> Procedure:
    match noted.event:
        case e.PublicityStarted() as publicity:
            return replace(state, publicity=publicity)
        case e.ObjectionReceived() as received:
            return replace(state, objections=(*state.objections, Objection(received, noted.by)))
        case e.ObjectionHandled() as handled:
            return replace(state, objections=_handled(state.objections, handled, noted.by))
        case e.AppraisalCalled() as called:
            return replace(state, called=called, counted=None)
        case e.AppraisalCounted() as counted:
            return replace(state, counted=counted)
        case e.UniformityReviewed(note=note):
            return replace(state, reviews=(*state.reviews, note))
        case e.DecisionMade() as decision:
            return replace(state, decision=decision, decided_by=noted.by)
        case e.Appointed() as appointment:
            return replace(state, appointment=appointment)
        case e.ProbationEnded() as probation:
            return replace(state, probation=probation)
        case e.ProcedureClosed() as closed:
            return replace(state, closed=closed)
        case e.ProcedureOpened():
            return state  # it is opened once


def _handled(
    objections: tuple[Objection, ...], handled: e.ObjectionHandled, by: str
) -> tuple[Objection, ...]:
    return tuple(
        replace(one, upheld=handled.upheld, reply=handled.reply, handled_by=by)
        if one.received.number == handled.number
        else one
        for one in objections
    )
