"""What happened to a request. Bodies hold codes only: free text stands apart, and may be erased.

Events are past tense; a field never changes meaning. What is not undone by another event stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias, cast, get_args, get_origin, get_type_hints

from evalsys.domain.canonical import Json
from evalsys.domain.casework.words import CloseReason, Confirmation, Party, PartyKind
from evalsys.domain.roster import RequestState
from evalsys.errors import Tampered


@dataclass(frozen=True, slots=True)
class Registered:
    """It was taken in, and accepted and routed at once 自动受理 (L19)."""

    holder_kind: PartyKind
    holder: str
    level: int
    grid: str
    limit_class: str
    claimed_at: str = ""
    """What the device's clock said, where it differs from ours; ISO 8601."""


@dataclass(frozen=True, slots=True)
class Imported:
    """It came with a ledger that says what became of it; routed as `Registered` is."""

    holder_kind: PartyKind
    holder: str
    level: int
    grid: str
    limit_class: str
    state: RequestState
    closed_at: str = ""
    """Noon of the ledger's day of closing, ISO 8601; empty when it is not closed."""
    has_answer: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """Somebody looked: is it so, and what is it (次日核实, L23)."""

    genuine: bool


@dataclass(frozen=True, slots=True)
class Reclassified:
    """It belongs to another class. A later deadline holds only once somebody else approves."""

    class_code: str
    taxonomy: int
    limit_class: str
    is_longer: bool


@dataclass(frozen=True, slots=True)
class ReclassApproved:
    """The longer limit of the new class holds from the beginning of the clock."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """It was offered to somebody else; whoever held it answers for it until they accept."""

    to_kind: PartyKind
    to: str


@dataclass(frozen=True, slots=True)
class HandOverAccepted:
    """Whom it was offered to has it now."""


@dataclass(frozen=True, slots=True)
class HandOverRefused:
    """It is "not ours" 不属本部门, and whose it is instead: without a name it is no refusal."""

    whose_kind: PartyKind
    whose: str


@dataclass(frozen=True, slots=True)
class DisputeSettled:
    """Somebody above decided who has it; it cannot be refused again."""

    holder_kind: PartyKind
    holder: str


@dataclass(frozen=True, slots=True)
class Escalated:
    """It went up one level, with a reason (Y15); whoever sent it answers until it is accepted."""

    from_level: int
    to_level: int
    grid: str


@dataclass(frozen=True, slots=True)
class ConsultationCalled:
    """Departments work on it together: one leads, the others assist (L25)."""

    lead: str
    assisting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpinionGiven:
    """A unit of a consultation said its part."""

    unit: str


@dataclass(frozen=True, slots=True)
class Summoned:
    """A lower level called a department to the spot 吹哨报到 (J12)."""

    unit: str
    respond_by: str
    """ISO 8601."""


@dataclass(frozen=True, slots=True)
class Attended:
    """A summoned department came."""

    unit: str


@dataclass(frozen=True, slots=True)
class InterimReplied:
    """The household was told how far it is (L16)."""

    channel: str


@dataclass(frozen=True, slots=True)
class Replied:
    """The reply to the household: what was explained 说法, what was concluded 结论 (G02)."""

    explained: bool
    concluded: bool
    channel: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock waits, for a named reason and until a day at most."""

    reason: str
    until: str
    """The last day of the pause, ISO 8601."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The clock runs again before the pause was over."""


@dataclass(frozen=True, slots=True)
class Extended:
    """The deadline was put off as the rule of its class allows, once."""

    days: int


@dataclass(frozen=True, slots=True)
class RootCauseNoted:
    """Why it came about 求根溯源 (Y14)."""


@dataclass(frozen=True, slots=True)
class ResourceNoted:
    """What it needs of the county's resources 统筹资源 (Y40)."""


@dataclass(frozen=True, slots=True)
class AgentNamed:
    """A cadre sees to it in the household's name 全程代理 (L18)."""

    cadre: str


@dataclass(frozen=True, slots=True)
class MeetingDecided:
    """An assessment meeting set measure, deadline and responsible party (Y17)."""

    meeting: str
    n: int
    deadline: str
    responsible_kind: PartyKind
    responsible: str


@dataclass(frozen=True, slots=True)
class CloseProposed:
    """It is to be closed for a reason that a second person has to approve (Y72)."""

    reason: CloseReason


@dataclass(frozen=True, slots=True)
class CloseRefused:
    """The second person does not agree: it stays open."""


@dataclass(frozen=True, slots=True)
class Closed:
    """It was closed, for this reason, at this level."""

    reason: CloseReason
    level: int
    proposed_by: str = ""
    """Who proposed it, where a second person approved."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """It was opened again; that counts against whoever closed it."""

    against: str
    by_household: bool


@dataclass(frozen=True, slots=True)
class ReopenDeclined:
    """The household said no, and somebody above said why it stays closed all the same."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What the household said when it was asked, or that it did not."""

    answer: Confirmation
    source: str
    """A campaign's case, a call, or "page"."""


CaseworkEvent: TypeAlias = (
    Registered
    | Imported
    | Verified
    | Reclassified
    | ReclassApproved
    | HandedOver
    | HandOverAccepted
    | HandOverRefused
    | DisputeSettled
    | Escalated
    | ConsultationCalled
    | OpinionGiven
    | Summoned
    | Attended
    | InterimReplied
    | Replied
    | Paused
    | Resumed
    | Extended
    | RootCauseNoted
    | ResourceNoted
    | AgentNamed
    | MeetingDecided
    | CloseProposed
    | CloseRefused
    | Closed
    | Reopened
    | Confirmed
    | ReopenDeclined
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the log, with the text that goes with it."""

    seq: int
    at: datetime
    actor: str
    event: CaseworkEvent
    note: str = ""


def party(kind: str, code: str) -> Party:
    """Name a party as events keep it, in two fields."""
    return Party(PartyKind(kind), code)


def day(text: str) -> date:
    """Read a day as events keep it."""
    return date.fromisoformat(text)


def kind_of(event: CaseworkEvent) -> str:
    """Name an event as the log does: HandOverAccepted is "hand_over_accepted"."""
    return _KIND_OF[type(event)]


def encode(event: CaseworkEvent) -> dict[str, Json]:
    """Return the body of an event: text, whole numbers, yes or no, and lists of text."""
    body: dict[str, Json] = {}
    for name in _FIELDS[type(event)]:
        value = getattr(event, name)
        body[name] = list(value) if isinstance(value, tuple) else value
    return body


def decode(kind: str, body: Json) -> CaseworkEvent:
    """Rebuild an event from its kind and its body.

    Raises:
        Tampered: the kind is unknown, or the body is not that of such an event.
    """
    event_type, readers, added = _READERS.get(kind) or _unknown(kind)
    if not isinstance(body, dict) or not readers.keys() - added <= body.keys() <= readers.keys():
        raise _misshapen(kind)
    try:
        return event_type(**{name: readers[name](value) for name, value in body.items()})
    except (TypeError, ValueError) as error:
        raise _misshapen(kind) from error


_TYPES = cast("tuple[type[CaseworkEvent], ...]", get_args(CaseworkEvent))
_Reader = Callable[[Json], object]


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).removeprefix("_")


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError(type(value).__name__)
    return tuple(str(item) for item in value)


def _reader(hint: object) -> _Reader:
    if get_origin(hint) is tuple:
        return _texts
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda value: hint(cast("str", value))
    wanted = cast("type", hint)

    def read(value: Json) -> object:
        if type(value) is not wanted:
            raise TypeError(type(value).__name__)
        return value

    return read


_KIND_OF: Mapping[type[CaseworkEvent], str] = {each: _snake(each.__name__) for each in _TYPES}
_FIELDS = {each: tuple(f.name for f in fields(each)) for each in _TYPES}
_READERS: Mapping[
    str, tuple[Callable[..., CaseworkEvent], Mapping[str, _Reader], frozenset[str]]
] = {
    _KIND_OF[each]: (
        each,
        {name: _reader(hint) for name, hint in get_type_hints(each).items()},
        frozenset(f.name for f in fields(each) if f.default is not MISSING),
    )
    for each in _TYPES
}


def _unknown(
    kind: str,
) -> "tuple[Callable[..., CaseworkEvent], Mapping[str, _Reader], frozenset[str]]":
    raise Tampered(f"诉求记录中有未知事件“{kind}”。", remedy="请停止使用这条记录并通知审计人员。")


def _misshapen(kind: str) -> Tampered:
    return Tampered(
        f"诉求事件“{kind}”的内容不合格式。", remedy="请停止使用这条记录并通知审计人员。"
    )
