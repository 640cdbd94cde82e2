"""What happened, in the past tense. A field never changes meaning; a new meaning is a new event.

Bodies are canonical JSON (integers, strings, booleans, null, lists, objects), so that the record
can be hashed and read without this program. No event carries a household's name, code or phone:
a household is a position `k` in the frozen roster.
"""

from dataclasses import dataclass
from datetime import datetime

from evalsys.domain.live.events_after import AfterEvent
from evalsys.domain.live.events_after import ChairDeclared as ChairDeclared
from evalsys.domain.live.events_after import InvestigationOpened as InvestigationOpened
from evalsys.domain.live.events_after import PledgeMade as PledgeMade
from evalsys.domain.live.events_after import TeamMember as TeamMember
from evalsys.domain.live.events_agenda import AgendaEvent
from evalsys.domain.live.events_air import AirEvent
from evalsys.domain.live.events_before import (
    CeremonyOpened as CeremonyOpened,
)
from evalsys.domain.live.events_before import (
    ExclusionEntered as ExclusionEntered,
)
from evalsys.domain.live.events_before import (
    ExclusionWithdrawn as ExclusionWithdrawn,
)
from evalsys.domain.live.events_before import (
    ManifestPublished as ManifestPublished,
)
from evalsys.domain.live.events_before import (
    ObjectionDecided as ObjectionDecided,
)
from evalsys.domain.live.events_before import (
    ObjectionRaised as ObjectionRaised,
)
from evalsys.domain.live.events_before import (
    Plan as Plan,
)
from evalsys.domain.live.events_before import (
    RosterFrozen as RosterFrozen,
)
from evalsys.domain.live.events_before import (
    SessionPlanned as SessionPlanned,
)
from evalsys.domain.live.events_before import (
    Weight as Weight,
)
from evalsys.domain.live.events_ceremony import CeremonyEvent
from evalsys.domain.live.events_control import ControlEvent
from evalsys.domain.live.events_quiz import QuizEvent
from evalsys.domain.live.words import (
    CallsEnd,
    CallStatus,
    DiceSource,
    NamedBy,
    Presence,
    Reply,
    Verdict,
)
from evalsys.domain.manifest import FinalCode
from evalsys.domain.scoring import Band
from evalsys.domain.transcript import AbortReason
from evalsys.ids import AttemptId, CadreNumber, Stratum


@dataclass(frozen=True, slots=True)
class MasterDiceRolled:
    """24 digits: the seed of everything that follows, unless a beacon's round is still to come."""

    digits: str
    source: DiceSource
    seed: str
    """Empty with a beacon: `BeaconRevealed` holds it then."""


@dataclass(frozen=True, slots=True)
class SlotDiceRolled:
    """12 fresh digits for slot `j`, so that nobody knows it while the slot before is on air."""

    j: int
    digits: str
    source: DiceSource
    seed: str


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """One of the next smallest tickets."""

    cadre: CadreNumber
    ticket: str


@dataclass(frozen=True, slots=True)
class CadreDrawn:
    """The smallest ticket of the slot's stratum."""

    j: int
    stratum: Stratum
    cadre: CadreNumber
    ticket: str
    runners_up: tuple[RunnerUp, ...]
    eligible: int


@dataclass(frozen=True, slots=True)
class CadreNamed:
    """A cadre was named 点名 between two rounds, not drawn (Y33, Y35).

    Its round is number `j`, 1001 and on: above every slot, so that no slot is used up.
    """

    j: int
    cadre: CadreNumber
    by: NamedBy
    who: str
    """As the hall calls whoever named: "评议团", "主持人", "媒体 02"."""
    reason: str


@dataclass(frozen=True, slots=True)
class PresenceRecorded:
    """The cadre on stage answers in person, by phone, or is absent."""

    j: int
    presence: Presence


@dataclass(frozen=True, slots=True)
class HouseholdOrderSet:
    """The order in which the cadre's households are called: opaque positions."""

    j: int
    cadre: CadreNumber
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PositionOpened:
    """A household's number may now be decrypted, and not before."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """We are about to ask the carrier to dial."""

    j: int
    k: int
    attempt: int
    attempt_id: AttemptId
    asks: str = ""
    """Order and polarity of the questions, as `Arrangement.written`; empty of older records."""


@dataclass(frozen=True, slots=True)
class CallVoided:
    """The carrier was away; nothing rang, so this was no attempt."""

    j: int
    k: int
    attempt_id: AttemptId
    reason: str


@dataclass(frozen=True, slots=True)
class CallProgressed:
    """The carrier says that the phone rings, or that somebody answered."""

    j: int
    k: int
    attempt_id: AttemptId
    status: CallStatus


@dataclass(frozen=True, slots=True)
class HouseholdReplied:
    """A household answered a question; `claimed` says whether the cadre had recorded that claim."""

    j: int
    k: int
    question: str
    reply: Reply
    claimed: bool


@dataclass(frozen=True, slots=True)
class HouseholdNotLinked:
    """Whoever answered is not this household."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class ScoreCommitted:
    """A household scored; only the hash of the sealed ballot is recorded here."""

    j: int
    k: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CommentLeft:
    """A household left a comment; its words are kept elsewhere, apart from who said them."""

    j: int


@dataclass(frozen=True, slots=True)
class CallEnded:
    """The carrier's last word on a call; seconds."""

    j: int
    k: int
    attempt: int
    attempt_id: AttemptId
    sid: str
    status: CallStatus
    ring_s: int
    talk_s: int


@dataclass(frozen=True, slots=True)
class PositionFinished:
    """A household's position got its final code."""

    j: int
    k: int
    code: FinalCode


@dataclass(frozen=True, slots=True)
class DiallingStopped:
    """The operator lets calls in progress end and opens no further position."""

    j: int


@dataclass(frozen=True, slots=True)
class CallsClosed:
    """No household is called any more in this round."""

    j: int
    reason: CallsEnd


@dataclass(frozen=True, slots=True)
class ScoresReleased:
    """The sealed ballots were opened once; too few of them release no figure."""

    j: int
    answered: int
    mean_tenths: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class VoteOpened:
    """The panel may vote."""

    j: int


@dataclass(frozen=True, slots=True)
class VoteTallied:
    """The panel's vote is closed and counted; votes on paper are among the counts."""

    j: int
    satisfied: int
    basically_satisfied: int
    not_satisfied: int
    seats: int


@dataclass(frozen=True, slots=True)
class VerdictGiven:
    """The finding of this round."""

    j: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class StepTakenBack:
    """The operator corrected the step recorded as event `of`; both stay in the record."""

    of: int


@dataclass(frozen=True, slots=True)
class SessionAborted:
    """This attempt ends; what was drawn stays drawn."""

    reason: AbortReason


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """The show is over."""

    slots: int


@dataclass(frozen=True, slots=True)
class SessionSealed:
    """The record is complete; `head` is the hash of the transcript's last line."""

    head: str


Event = (
    SessionPlanned
    | RosterFrozen
    | ObjectionRaised
    | ObjectionDecided
    | ExclusionEntered
    | ExclusionWithdrawn
    | ManifestPublished
    | CeremonyOpened
    | CeremonyEvent
    | MasterDiceRolled
    | SlotDiceRolled
    | CadreDrawn
    | CadreNamed
    | PresenceRecorded
    | HouseholdOrderSet
    | PositionOpened
    | CallPlaced
    | CallVoided
    | CallProgressed
    | HouseholdReplied
    | HouseholdNotLinked
    | ScoreCommitted
    | CommentLeft
    | CallEnded
    | PositionFinished
    | DiallingStopped
    | CallsClosed
    | AirEvent
    | ControlEvent
    | ScoresReleased
    | VoteOpened
    | VoteTallied
    | VerdictGiven
    | AfterEvent
    | AgendaEvent
    | QuizEvent
    | StepTakenBack
    | SessionAborted
    | SessionClosed
    | SessionSealed
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event in the record: its number from 1, when, and by whom."""

    seq: int
    at: datetime
    actor: str
    event: Event
