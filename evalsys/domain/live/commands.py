"""What somebody wants to happen. `decide` turns a command into events, or refuses it."""

from dataclasses import dataclass

from evalsys.domain.agenda import Target
from evalsys.domain.draw import FrozenCadre
from evalsys.domain.live.commands_agenda import AgendaCommand
from evalsys.domain.live.commands_air import AirCommand
from evalsys.domain.live.commands_ceremony import CeremonyCommand, CeremonyFact
from evalsys.domain.live.commands_control import ControlCommand
from evalsys.domain.live.commands_quiz import QuizCommand
from evalsys.domain.live.events import Plan, TeamMember
from evalsys.domain.live.events_after import Recused
from evalsys.domain.live.words import (
    CallStatus,
    NamedBy,
    ObjectionKind,
    Presence,
    Reply,
    ShowCheck,
    Verdict,
)
from evalsys.domain.manifest import ExclusionReason
from evalsys.domain.panel import Choice
from evalsys.domain.scoring import Band
from evalsys.domain.transcript import AbortReason
from evalsys.ids import AttemptId, CadreNumber, Stratum

# --- the operator's commands ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlanSession:
    """Begin a session."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class FreezeRoster:
    """Fix who is in the pot; the service took the snapshot in the same transaction."""

    sha256: str
    root: str
    cadres: int
    households: int


@dataclass(frozen=True, slots=True)
class RaiseObjection:
    """Say that the frozen roster is wrong about a cadre; anybody may, while the window is open."""

    cadre: CadreNumber
    kind: ObjectionKind
    is_frozen: bool
    """Whether the frozen roster has this number."""


@dataclass(frozen=True, slots=True)
class DecideObjection:
    """Uphold or dismiss an objection, with the reason that everybody reads."""

    n: int
    upheld: bool
    reason: str


@dataclass(frozen=True, slots=True)
class EnterExclusion:
    """Leave a cadre out of the pot, in public."""

    cadre: CadreNumber
    reason: ExclusionReason
    is_frozen: bool
    """Whether the frozen roster has this number."""


@dataclass(frozen=True, slots=True)
class WithdrawExclusion:
    """Put a cadre back into the pot."""

    cadre: CadreNumber


@dataclass(frozen=True, slots=True)
class PublishManifest:
    """Publish the rules of the draw."""

    sha256: str
    manifest: str
    slots: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class OpenCeremony:
    """Begin the draw. Outside rehearsals not before 24 hours after publication (Y52)."""

    red: tuple[ShowCheck, ...] = ()
    """Which checks before the show are not in order at this moment."""


@dataclass(frozen=True, slots=True)
class DrawNext:
    """Draw the next slot from the frozen roster; its seed is known."""

    cadres: tuple[FrozenCadre, ...]


@dataclass(frozen=True, slots=True)
class NameCadre:
    """Name a cadre of the frozen roster instead of drawing one (Y33, Y35)."""

    cadre: CadreNumber
    by: NamedBy
    who: str
    reason: str
    cadres: tuple[FrozenCadre, ...]


@dataclass(frozen=True, slots=True)
class RecordPresence:
    """Note how the cadre on stage answers."""

    presence: Presence


@dataclass(frozen=True, slots=True)
class OpenCalls:
    """Begin to call the cadre's households, `households` of them in the frozen roster."""

    households: int


@dataclass(frozen=True, slots=True)
class StopDialling:
    """Time is up: calls in progress may end, no further household is called."""


@dataclass(frozen=True, slots=True)
class ReleaseScores:
    """Publish what the sealed ballots hold, once."""

    j: int
    answered: int
    mean_tenths: int | None
    band: Band


@dataclass(frozen=True, slots=True)
class OpenVote:
    """Let the panel vote."""


@dataclass(frozen=True, slots=True)
class CloseVote:
    """Close the panel's vote with its count."""

    satisfied: int
    basically_satisfied: int
    not_satisfied: int
    seats: int


@dataclass(frozen=True, slots=True)
class DeclareAsChair:
    """State the chair's opinion on the round on stage, the last of all (L29)."""

    choice: Choice


@dataclass(frozen=True, slots=True)
class GiveVerdict:
    """State the finding."""

    verdict: Verdict


@dataclass(frozen=True, slots=True)
class MakePledge:
    """Record a promise with measure and date (ISO)."""

    measure: str
    due_on: str
    responsible: str
    j: int | None = None
    """Of which round, when the recorder enters it beside the show; else of the one on stage."""
    target: Target | None = None
    """What it can be measured by; an assembly's pledge needs one (Y69)."""


@dataclass(frozen=True, slots=True)
class OpenInvestigation:
    """Send a team of all four categories."""

    reason: str
    team: tuple[TeamMember, ...]
    j: int | None = None
    """As in `MakePledge`."""
    recused: tuple[Recused, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferCase:
    """Hand round `j`, which looks faked, to discipline inspection."""

    j: int
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawFollowUp:
    """Correct what was entered as event `of` of round `j`."""

    j: int
    of: int
    reason: str


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Correct the last step, if it is one that can be corrected."""


@dataclass(frozen=True, slots=True)
class AbortSession:
    """End this attempt for one of the listed reasons."""

    reason: AbortReason


@dataclass(frozen=True, slots=True)
class CloseSession:
    """End the show."""


@dataclass(frozen=True, slots=True)
class SealSession:
    """Fix the record for good."""

    head: str


# --- facts from the phone ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlaceCall:
    """Intend to dial position `k`; refused unless it is the next dial of the drawn order."""

    j: int
    k: int
    attempt_id: AttemptId
    asks: str = ""
    """Order and polarity of the questions, as `Arrangement.written`."""


@dataclass(frozen=True, slots=True)
class SkipUndialable:
    """Position `k` has no usable number: missing, malformed, shared, or a cadre's own."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class VoidCall:
    """Nothing rang (the carrier was away or failed); the attempt does not count."""

    j: int
    k: int
    attempt_id: AttemptId
    reason: str


@dataclass(frozen=True, slots=True)
class ReportProgress:
    """`ringing` or `in-progress`, from the carrier; late and repeated reports are silent."""

    j: int
    k: int
    attempt_id: AttemptId
    status: CallStatus


@dataclass(frozen=True, slots=True)
class RecordReply:
    """A key pressed on a question: "consent", or a claim such as "visited" or "solved"."""

    j: int
    k: int
    question: str
    reply: Reply
    claimed: bool


@dataclass(frozen=True, slots=True)
class MarkNotLinked:
    """Whoever answered is not this household."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class CommitScore:
    """The hash of the sealed ballot, stored in the same transaction."""

    j: int
    k: int
    sha256: str


@dataclass(frozen=True, slots=True)
class RecordComment:
    """A comment was left in this round."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class EndCall:
    """The carrier's terminal status; `failed` means that the number cannot be reached.

    A failure of the carrier itself (SIP 403, 5xx) is a `VoidCall`.
    """

    j: int
    k: int
    attempt_id: AttemptId
    sid: str
    status: CallStatus
    ring_s: int
    talk_s: int


PhoneFact = (
    PlaceCall
    | SkipUndialable
    | VoidCall
    | ReportProgress
    | RecordReply
    | MarkNotLinked
    | CommitScore
    | RecordComment
    | EndCall
)

OperatorCommand = (
    PlanSession
    | FreezeRoster
    | RaiseObjection
    | DecideObjection
    | EnterExclusion
    | WithdrawExclusion
    | PublishManifest
    | OpenCeremony
    | CeremonyCommand
    | AgendaCommand
    | QuizCommand
    | DrawNext
    | NameCadre
    | RecordPresence
    | OpenCalls
    | StopDialling
    | ReleaseScores
    | OpenVote
    | CloseVote
    | DeclareAsChair
    | GiveVerdict
    | MakePledge
    | OpenInvestigation
    | ReferCase
    | WithdrawFollowUp
    | TakeBack
    | AbortSession
    | CloseSession
    | SealSession
)

Command = OperatorCommand | CeremonyFact | PhoneFact | AirCommand | ControlCommand
