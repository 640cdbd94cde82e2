"""What happens in a promotion procedure 提拔程序 (Y62-Y65), in the past tense, never changed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evalsys.domain.casebook import Paper
from evalsys.domain.personnel import AppraisalOutcome
from evalsys.domain.personnel_decisions import Choice
from evalsys.domain.rulebook import Conclusion
from evalsys.ids import CadreNumber, CampaignId


class PromotionKind(StrEnum):
    """What kind of appointment is proposed."""

    PROMOTION = "提拔任职"
    FURTHER_USE = "进一步使用"
    TRANSFER = "平级转任重要职务"


class ObjectorKind(StrEnum):
    """Who objects, as a kind: never by name."""

    HOUSEHOLD = "联系户"
    COLLEAGUE = "本单位干部职工"
    CITIZEN = "其他群众"
    ORGANISATION = "单位来函"
    UNNAMED = "未署名"


@dataclass(frozen=True, slots=True)
class ProcedureOpened:
    """Somebody was proposed for a post; the advice of that moment is frozen beside it."""

    cadre: CadreNumber
    post: str
    kind: PromotionKind
    document: str
    run: str
    as_of: date
    year: int
    book_sha256: str
    conclusion: Conclusion
    rules: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicityStarted:
    """The proposal is public 公示 from the day `since` to the end of the day `until`."""

    since: date
    until: date
    days: int
    """Working days."""
    where: str


@dataclass(frozen=True, slots=True)
class ObjectionReceived:
    """Somebody objected; the words are kept sealed."""

    number: int
    received_on: date
    objector: ObjectorKind
    words: Paper


@dataclass(frozen=True, slots=True)
class ObjectionHandled:
    """An objection was looked into; one that is upheld suspends the procedure."""

    number: int
    upheld: bool
    reply: str


@dataclass(frozen=True, slots=True)
class AppraisalCalled:
    """The candidate's own linked households are being asked by phone (Y64)."""

    campaign: CampaignId
    linked: int


@dataclass(frozen=True, slots=True)
class AppraisalCounted:
    """What the households said, with everybody who was and was not heard.

    `satisfied` is None where no figure may be told; quorum and threshold in percent, of the day.
    """

    campaign: CampaignId
    held_on: date
    linked: int
    called: int
    reached: int
    answered: int
    satisfied: int | None
    quorum: int
    threshold: int
    outcome: AppraisalOutcome | None
    """None: it decides nothing, and `open_because` says why; it may be held again."""
    open_because: str


@dataclass(frozen=True, slots=True)
class UniformityReviewed:
    """Somebody looked at an appraisal in which all said the same (Y63, Y64); nothing follows."""

    note: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A named person decided, at the gate."""

    choice: Choice
    reason: str


@dataclass(frozen=True, slots=True)
class Appointed:
    """The appointment was made; probation ends with the day `probation_until` (Y60)."""

    appointed_on: date
    document: str
    probation_until: date | None


@dataclass(frozen=True, slots=True)
class ProbationEnded:
    """Probation was passed, or the probationary post was taken away (Y60)."""

    passed: bool
    ended_on: date
    basis: str


@dataclass(frozen=True, slots=True)
class ProcedureClosed:
    """The procedure was given up."""

    reason: str


PromotionEvent = (
    ProcedureOpened
    | PublicityStarted
    | ObjectionReceived
    | ObjectionHandled
    | AppraisalCalled
    | AppraisalCounted
    | UniformityReviewed
    | DecisionMade
    | Appointed
    | ProbationEnded
    | ProcedureClosed
)
