"""What the events of a request add up to. `apply` never refuses: the log is what happened."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce

from evalsys.domain.casework import events as e
from evalsys.domain.casework.words import (
    Channel,
    CloseReason,
    Confirmation,
    Party,
    PartyKind,
    RequestKind,
    Step,
)
from evalsys.domain.roster import RequestState

_NOBODY = Party(PartyKind.GRID, "")
"""Before the first event."""


@dataclass(frozen=True, slots=True)
class Filed:
    """What never changes of a request: the row that its events belong to."""

    code: str
    household: str | None
    cadre: str | None
    grid: str
    kind: RequestKind
    channel: Channel
    text: str
    raised_at: datetime
    received_at: datetime
    taxonomy: int
    class_code: str
    asked: Party
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    client_id: str | None = None

    @property
    def is_petition(self) -> bool:
        """Whether it came as a petition 来信来访, which has limits of its own."""
        return self.channel is Channel.PETITION


@dataclass(frozen=True, slots=True)
class Pause:
    """One stretch in which the clock waited: from a day on until the last day, at most."""

    reason: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Summons:
    """A department that was called, until when it should have come, and when it came."""

    unit: str
    called_at: datetime
    respond_by: datetime
    came_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """How it was closed, by whom, at which level."""

    reason: CloseReason
    at: datetime
    by: str
    level: int


@dataclass(slots=True)
class RequestFile:
    """Where a request stands. Only `apply` writes to it."""

    filed: Filed
    to_day: Callable[[datetime], date]
    """Gives the local day of an instant."""
    seq: int = 0
    step: Step = Step.COLLECTED
    class_code: str = ""
    taxonomy: int = 0
    limit_class: str = ""
    longer_limit: str = ""
    """A longer limit that waits for its approval."""
    longer_asked_by: str = ""
    longer_asked_at: datetime | None = None
    holder: Party = _NOBODY
    accountable: Party = _NOBODY
    level: int = 0
    grid: str = ""
    held_since: datetime | None = None
    """Since when the present level has it."""
    offered_to: Party | None = None
    offered_at: datetime | None = None
    refused_to: Party | None = None
    """Whose it is, says whoever refused it."""
    is_settled: bool = False
    verified_at: datetime | None = None
    answered_at: datetime | None = None
    """The last reply of any kind, interim ones too."""
    explained: bool = False
    concluded: bool = False
    has_reply: bool = False
    """A reply that is not an interim one is on record, since it was last opened."""
    pauses: list[Pause] = field(default_factory=list)
    is_paused: bool = False
    extended_days: int = 0
    lead: str = ""
    assisting: tuple[str, ...] = ()
    opinions: list[str] = field(default_factory=list)
    summonses: list[Summons] = field(default_factory=list)
    agent: str = ""
    decided_by_meeting: date | None = None
    """The deadline that the last meeting set."""
    proposed: CloseReason | None = None
    proposed_by: str = ""
    proposed_at: datetime | None = None
    close: Close | None = None
    confirmation: Confirmation | None = None
    confirmed_at: datetime | None = None
    reopen_declined: bool = False
    """Somebody above said why it stays closed although the household said no."""
    reopened: int = 0
    reopened_against: list[str] = field(default_factory=list)
    escalated: int = 0
    resumes_as: Step = Step.ASSIGNED
    imported: RequestState | None = None
    is_native: bool = False
    """Something happened to it here; the ledger that it came with has no say any more."""

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about it."""
        return self.close is None

    @property
    def waits_for_reopening(self) -> bool:
        """Whether the household said that it is not done, and nobody has followed that up."""
        denied = self.confirmation is Confirmation.NO and not self.reopen_declined
        return self.close is not None and denied

    @property
    def claim(self) -> RequestState:
        """What the cadre side says of it, in the words of the ledger that sessions check."""
        if self.close is None:
            if self.imported and not self.is_native:
                return self.imported
            return RequestState.ESCALATED if self.escalated else RequestState.OPEN
        match self.close.reason:
            case CloseReason.SOLVED | CloseReason.EXPLAINED:
                return RequestState.SOLVED
            case CloseReason.LEGACY:
                return RequestState.LEGACY
            case CloseReason.POLICY:
                return RequestState.POLICY
            case CloseReason.UNFOUNDED | CloseReason.DUPLICATE | CloseReason.WITHDRAWN:
                return RequestState.DECLINED


def begin(filed: Filed, to_day: Callable[[datetime], date]) -> RequestFile:
    """Start with the row alone; its first event follows."""
    return RequestFile(filed, to_day, class_code=filed.class_code, taxonomy=filed.taxonomy)


def replay(
    filed: Filed, to_day: Callable[[datetime], date], records: Iterable[e.Recorded]
) -> RequestFile:
    """Add up all events of a request."""
    return reduce(apply, records, begin(filed, to_day))


def apply(file: RequestFile, record: e.Recorded) -> RequestFile:  # noqa: C901, PLR0912, PLR0915 - one arm an event: to be read as a table
    """Bring `file` up to the event, in place, and return it."""
    at, actor, event = record.at, record.actor, record.event
    file.seq = record.seq
    if not isinstance(event, e.Imported):
        file.is_native = True
    match event:
        case e.Registered():
            _route(file, event, at)
        case e.Imported():
            _import(file, event, at, actor)
        case e.Verified():
            file.verified_at = at
            if file.step is Step.COLLECTED:
                file.step = Step.ASSIGNED
        case e.Reclassified():
            file.class_code, file.taxonomy = event.class_code, event.taxonomy
            if event.is_longer:
                file.longer_limit, file.longer_asked_by = event.limit_class, actor
                file.longer_asked_at = at
            else:
                file.limit_class = event.limit_class
                file.longer_limit = file.longer_asked_by = ""
        case e.ReclassApproved():
            file.limit_class = file.longer_limit or file.limit_class
            file.longer_limit = file.longer_asked_by = ""
        case e.HandedOver():
            file.offered_to, file.offered_at = Party(event.to_kind, event.to), at
            file.resumes_as, file.step = file.step, Step.HANDING_OVER
        case e.HandOverAccepted():
            if file.offered_to is not None:
                _hold(file, file.offered_to)
            file.step = Step.ASSIGNED
        case e.HandOverRefused():
            file.refused_to = Party(event.whose_kind, event.whose)
            file.step, file.offered_at = Step.DISPUTED, at
        case e.DisputeSettled():
            _hold(file, Party(event.holder_kind, event.holder))
            file.is_settled, file.step = True, Step.ASSIGNED
        case e.Escalated():
            file.level, file.grid, file.held_since = event.to_level, event.grid, at
            file.escalated += 1
            file.offered_to, file.offered_at = Party(PartyKind.GRID, event.grid), at
            file.step = Step.HANDING_OVER
        case e.ConsultationCalled():
            file.lead, file.assisting, file.opinions = event.lead, event.assisting, []
        case e.OpinionGiven():
            file.opinions.append(event.unit)
        case e.Summoned():
            due = datetime.fromisoformat(event.respond_by)
            file.summonses.append(Summons(event.unit, at, due))
        case e.Attended():
            file.summonses = [
                Summons(each.unit, each.called_at, each.respond_by, at)
                if each.unit == event.unit and each.came_at is None
                else each
                for each in file.summonses
            ]
        case e.InterimReplied():
            file.answered_at = at
        case e.Replied():
            file.answered_at, file.has_reply = at, True
            file.explained, file.concluded = event.explained, event.concluded
            if file.step in {Step.COLLECTED, Step.ASSIGNED}:
                file.step = Step.REPLIED
        case e.Paused():
            file.pauses.append(Pause(event.reason, file.to_day(at), e.day(event.until)))
            file.resumes_as, file.step, file.is_paused = file.step, Step.PAUSED, True
        case e.Resumed():
            _resume(file, file.to_day(at))
        case e.Extended():
            file.extended_days += event.days
        case e.AgentNamed():
            file.agent = event.cadre
        case e.MeetingDecided():
            file.decided_by_meeting = e.day(event.deadline)
            _hold(file, Party(event.responsible_kind, event.responsible))
            if file.step in {Step.COLLECTED, Step.HANDING_OVER, Step.DISPUTED}:
                file.step = Step.ASSIGNED
        case e.CloseProposed():
            file.proposed, file.proposed_by, file.proposed_at = event.reason, actor, at
            file.resumes_as, file.step = file.step, Step.APPROVAL
        case e.CloseRefused():
            file.proposed, file.step = None, file.resumes_as
        case e.Closed():
            if file.is_paused:
                _resume(file, file.to_day(at))
            by = event.proposed_by or actor
            file.close, file.step = Close(event.reason, at, by, event.level), Step.CLOSED
            file.proposed, file.reopen_declined = None, False
        case e.Reopened():
            file.close = file.confirmation = file.confirmed_at = None
            file.step, file.held_since = Step.ASSIGNED, at
            file.has_reply = file.explained = file.concluded = False
            file.reopened += 1
            file.reopened_against.append(event.against)
        case e.Confirmed():
            file.confirmation, file.confirmed_at = event.answer, at
            if event.answer is not Confirmation.UNANSWERED and file.close is not None:
                file.step = Step.CONFIRMED
        case e.ReopenDeclined():
            file.reopen_declined = True
        case e.RootCauseNoted() | e.ResourceNoted():
            pass
    return file


def _route(file: RequestFile, event: e.Registered | e.Imported, at: datetime) -> None:
    file.holder = Party(event.holder_kind, event.holder)
    file.accountable = file.filed.asked
    file.level, file.grid, file.held_since = event.level, event.grid, at
    file.limit_class = event.limit_class


def _import(file: RequestFile, event: e.Imported, at: datetime, actor: str) -> None:
    _route(file, event, file.filed.received_at)
    file.imported, file.step, file.close = event.state, Step.ASSIGNED, None
    file.verified_at = at
    reason = _LEDGER_REASONS.get(event.state)
    if event.has_answer:
        file.has_reply = file.explained = True
        file.answered_at = at
    if event.state is RequestState.ESCALATED:
        file.escalated = max(file.escalated, 1)
    if reason is not None:
        file.concluded = file.has_reply
        closed_at = datetime.fromisoformat(event.closed_at) if event.closed_at else at
        file.close, file.step = Close(reason, closed_at, actor, event.level), Step.CLOSED


_LEDGER_REASONS = {
    RequestState.SOLVED: CloseReason.SOLVED,
    RequestState.DECLINED: CloseReason.UNFOUNDED,
    RequestState.POLICY: CloseReason.POLICY,
    RequestState.LEGACY: CloseReason.LEGACY,
}


def _hold(file: RequestFile, party: Party) -> None:
    """Give it to `party`, who said yes or cannot say no: they answer for it from now on (Y41)."""
    file.holder = file.accountable = party
    file.offered_to = file.offered_at = file.refused_to = None


def _resume(file: RequestFile, today: date) -> None:
    last = file.pauses[-1]
    file.pauses[-1] = Pause(last.reason, last.since, min(last.until, today))
    file.step, file.is_paused = file.resumes_as, False
