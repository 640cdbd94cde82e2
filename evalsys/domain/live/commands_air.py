"""What may be wanted of the stage's lines: the operator's keys, and what telephones report."""

from dataclasses import dataclass

from evalsys.domain.live.words import AirEnd, CallStatus, StageRole
from evalsys.ids import AttemptId


@dataclass(frozen=True, slots=True)
class OfferAir:
    """Ask households that are called from now on whether they would speak on air."""


@dataclass(frozen=True, slots=True)
class EndAirOffer:
    """Ask no further household."""


@dataclass(frozen=True, slots=True)
class TakeOnAir:
    """Take household `k`, the earliest of those that agreed."""

    k: int


@dataclass(frozen=True, slots=True)
class CutAir:
    """Mute and hold the line on stage at once; `dump` throws away what is in the delay."""

    dump: bool


@dataclass(frozen=True, slots=True)
class ResumeAir:
    """Let a line that was cut be heard again."""


@dataclass(frozen=True, slots=True)
class ReleaseAir:
    """Send the household on stage back to the questions by key."""


@dataclass(frozen=True, slots=True)
class PlaceStageLine:
    """Intend to call the hall, or the cadre who answers by telephone."""

    leg: AttemptId
    role: StageRole


@dataclass(frozen=True, slots=True)
class ConsentToAir:
    """A household pressed the key for yes."""

    j: int
    k: int
    attempt_id: AttemptId
    sid: str
    text: str
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class DeclineAir:
    """A household pressed the key for no, or nothing."""

    j: int
    k: int
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class EnterAir:
    """The carrier was told to put the household's line through to the stage."""

    j: int
    k: int
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class LeaveAir:
    """The household's line is off the stage, or will never get there."""

    j: int
    k: int
    attempt_id: AttemptId
    end: AirEnd


@dataclass(frozen=True, slots=True)
class ReportStageLine:
    """The carrier's word on the hall's or the cadre's line."""

    leg: AttemptId
    sid: str
    status: CallStatus


AirCommand = (
    OfferAir
    | EndAirOffer
    | TakeOnAir
    | CutAir
    | ResumeAir
    | ReleaseAir
    | PlaceStageLine
    | ConsentToAir
    | DeclineAir
    | EnterAir
    | LeaveAir
    | ReportStageLine
)
