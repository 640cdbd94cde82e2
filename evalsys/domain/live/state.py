"""The state of a live session: what a fold over its events gives. Never stored, never edited."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from evalsys.domain.agenda import Issue, Target
from evalsys.domain.live.air import Air, StageLine
from evalsys.domain.live.ceremony import Ceremony
from evalsys.domain.live.control import Control
from evalsys.domain.live.events import (
    Plan,
    Recorded,
    RunnerUp,
    ScoresReleased,
    TeamMember,
    VoteTallied,
)
from evalsys.domain.live.events_after import Recused
from evalsys.domain.live.events_quiz import QuizMark, QuizSet
from evalsys.domain.live.words import (
    ENDED,
    CallsEnd,
    CallStatus,
    NamedBy,
    ObjectionKind,
    Phase,
    Presence,
    Reply,
    Verdict,
)
from evalsys.domain.manifest import Exclusion, FinalCode
from evalsys.domain.panel import Choice
from evalsys.domain.transcript import AbortReason
from evalsys.ids import AttemptId, CadreNumber, Stratum


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dialling attempt on a position."""

    attempt_id: AttemptId
    attempt: int
    placed_at: datetime
    status: CallStatus = CallStatus.PLACED
    sid: str = ""
    ended_at: datetime | None = None
    talk_s: int = 0
    asks: str = ""
    """Order and polarity of its questions, as they are written for the record."""

    @property
    def is_live(self) -> bool:
        """Whether the carrier may still be working on it."""
        return self.status not in ENDED


@dataclass(frozen=True, slots=True)
class Replied:
    """A household's answer, and whether the cadre had recorded the claim in question."""

    reply: Reply
    claimed: bool


@dataclass(frozen=True, slots=True)
class Position:
    """The k-th household of the drawn cadre, as far as anybody may know it."""

    k: int
    opened_at: datetime
    attempts: tuple[Attempt, ...] = ()
    replies: Mapping[str, Replied] = field(default_factory=dict)
    score_sha256: str | None = None
    not_linked: bool = False
    final: FinalCode | None = None

    @property
    def current(self) -> Attempt | None:
        """The attempt in flight, if any."""
        last = self.attempts[-1] if self.attempts else None
        return last if last and last.is_live else None

    @property
    def placed(self) -> int:
        """How many calls the carrier took; one that it never took does not count."""
        return sum(attempt.status is not CallStatus.VOID for attempt in self.attempts)

    @property
    def counted(self) -> int:
        """How many attempts count towards `no_answer`: not those that we cancelled ourselves."""
        return self.placed - sum(one.status is CallStatus.CANCELED for one in self.attempts)

    @property
    def contradicts(self) -> bool:
        """Whether the household denied something that the cadre had recorded."""
        return any(r.claimed and r.reply is Reply.NO for r in self.replies.values())


@dataclass(frozen=True, slots=True)
class Pledge:
    """A promise 承诺: a measure, a date, and who answers for it."""

    measure: str
    due_on: str
    responsible: str
    seq: int = 0
    """Number of its event."""
    target: Target | None = None
    """What it is measured by, where it was said (Y69)."""


@dataclass(frozen=True, slots=True)
class Investigation:
    """An investigation 调查 and its team of four categories."""

    reason: str
    team: tuple[TeamMember, ...]
    seq: int = 0
    recused: tuple[Recused, ...] = ()


@dataclass(frozen=True, slots=True)
class Referral:
    """A round that was handed to discipline inspection 移送."""

    to: str
    reason: str
    seq: int


FIRST_NAMING = 1001
"""Round of the first named cadre; slots are 1 to 999, and namings use none of them up."""


@dataclass(frozen=True, slots=True)
class Naming:
    """Who named the cadre of a round 点名, in the hall's words, and why."""

    by: NamedBy
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class Round:
    """One cadre on stage, drawn or named."""

    j: int
    """Number of the slot; of a naming 1001 and on."""
    stratum: Stratum
    cadre: CadreNumber
    ticket: str
    runners_up: tuple[RunnerUp, ...]
    eligible: int
    seed: str
    """Orders the households: the slot's seed; of a naming the master seed."""
    naming: Naming | None = None
    """None for a drawn cadre."""
    presence: Presence | None = None
    order: tuple[int, ...] = ()
    positions: Mapping[int, Position] = field(default_factory=dict)
    stopping: bool = False
    air: Air = field(default_factory=Air)
    """Who of the households is, was or would be heard on stage."""
    calls_end: CallsEnd | None = None
    released: ScoresReleased | None = None
    comments: int = 0
    votes: VoteTallied | None = None
    chair: Choice | None = None
    """What the chair said once the count was public (L29)."""
    verdict: Verdict | None = None
    pledges: tuple[Pledge, ...] = ()
    investigations: tuple[Investigation, ...] = ()
    referral: Referral | None = None
    issue: Issue | None = None
    """In an assembly what the speaker answers, instead of a cadre (Y69)."""
    left: str = ""
    """Why nothing was promised on the spot."""
    quiz: QuizSet | None = None
    """The questions about the cadre's households (Y24)."""
    marks: Mapping[int, QuizMark] = field(default_factory=dict)
    """By number of the question, how it was answered."""

    @property
    def is_answered(self) -> bool:
        """Whether an issue has its pledge, or was left without one for a reason."""
        return bool(self.pledges or self.left)

    @property
    def slot(self) -> int:
        """Number of the slot; 0 for a naming, which is none (draw, section 6)."""
        return 0 if self.naming else self.j

    @property
    def completed(self) -> int:
        """How many households completed the interview."""
        return sum(p.final is FinalCode.COMPLETED for p in self.positions.values())

    @property
    def in_flight(self) -> int:
        """How many calls are with the carrier now."""
        return sum(p.current is not None for p in self.positions.values())

    @property
    def contradictions(self) -> int:
        """How many households denied a recorded claim."""
        return sum(p.contradicts for p in self.positions.values())


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection 异议 to the frozen roster; undecided while `upheld` is None."""

    n: int
    cadre: CadreNumber
    kind: ObjectionKind
    raised_at: datetime
    upheld: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LiveState:
    """Everything about a session; `version` is the number of its last event, 0 for none."""

    version: int = 0
    step: int = 0
    """Number of the last event that an operator, not the phone, brought about."""
    last_step: Recorded | None = None
    last_at: datetime | None = None
    phase: Phase = Phase.PLANNED
    plan: Plan | None = None
    planned_at: datetime | None = None
    roster_sha256: str = ""
    roster_root: str = ""
    roster_cadres: int = 0
    roster_households: int = 0
    frozen_at: datetime | None = None
    earlier_rosters: tuple[str, ...] = ()
    """SHA-256 of each roster that was replaced after an objection, the oldest first."""
    objections: tuple[Objection, ...] = ()
    must_refreeze: bool = False
    """Whether an objection was upheld since the roster was frozen."""
    exclusions: tuple[Exclusion, ...] = ()
    """Sorted by number; they stand in the manifest once it is published."""
    manifest: str = ""
    manifest_sha256: str = ""
    """What the seed hangs on: the manifest's hash; of an assembly that of its agenda."""
    published_at: datetime | None = None
    slots: tuple[Stratum, ...] = ()
    opened_at: datetime | None = None
    ceremony: Ceremony = field(default_factory=Ceremony)
    master_seed: str = ""
    master_digits: str = ""
    slot_seed: str = ""
    """Seed of slot `seeded_slot`: from its dice, or from its round of the beacon."""
    seeded_slot: int = 0
    agenda: tuple[Issue, ...] = ()
    agenda_order: tuple[int, ...] = ()
    """Numbers of the agenda's issues as they are called; empty until the order stands."""
    rounds: tuple[Round, ...] = ()
    stage_lines: Mapping[AttemptId, StageLine] = field(default_factory=dict)
    """The lines of the hall and of cadres on the telephone."""
    control: Control = field(default_factory=Control)
    """What the director does to the pictures."""
    aborted: AbortReason | None = None
    closed_at: datetime | None = None
    head: str = ""
    """Hash of the transcript's last line, once sealed."""

    @property
    def round(self) -> Round | None:
        """The round on stage, or the last one."""
        return self.rounds[-1] if self.rounds else None

    @property
    def objections_until(self) -> datetime | None:
        """When the objection window closes, once the roster is frozen."""
        if self.frozen_at is None or self.plan is None:
            return None
        return self.frozen_at + timedelta(hours=self.plan.objection_hours)

    @property
    def undecided(self) -> tuple[Objection, ...]:
        """The objections that wait for a decision."""
        return tuple(one for one in self.objections if one.upheld is None)

    @property
    def next_slot(self) -> int | None:
        """Number of the slot to draw next, or nothing when all are drawn."""
        j = len(self.slots_drawn) + 1
        return j if j <= len(self.slots) else None

    @property
    def slots_drawn(self) -> tuple[Round, ...]:
        """The rounds of drawn cadres."""
        return tuple(past for past in self.rounds if past.naming is None)

    @property
    def namings(self) -> tuple[Round, ...]:
        """The rounds of named cadres, which count as no slot."""
        return tuple(past for past in self.rounds if past.naming is not None)

    @property
    def drawn(self) -> frozenset[CadreNumber]:
        """Who was drawn already; nobody is drawn twice."""
        return frozenset(past.cadre for past in self.slots_drawn)

    @property
    def named(self) -> frozenset[CadreNumber]:
        """Who was named already; they stay in the pot."""
        return frozenset(past.cadre for past in self.namings)


def hears_programmes(state: LiveState) -> bool:
    """Whether households judge programmes in this session, not cadres (Y38)."""
    return state.plan is not None and bool(state.plan.programmes)


def is_assembly(state: LiveState) -> bool:
    """Whether units promise in this session 承诺大会, and no cadre is heard (Y69)."""
    return state.plan is not None and state.plan.agenda is not None
