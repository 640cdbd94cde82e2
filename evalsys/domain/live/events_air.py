"""What happens on the way to the stage and on it: consent, the talk, the hall's own lines.

Read with `events`, whose rules hold here too: a household is a position, nobody has a number.
"""

from dataclasses import dataclass

from evalsys.domain.live.words import AirEnd, CallStatus, StageRole
from evalsys.ids import AttemptId


@dataclass(frozen=True, slots=True)
class AirOffered:
    """From now on households that are called are asked whether they would speak on air."""

    j: int


@dataclass(frozen=True, slots=True)
class AirOfferEnded:
    """No further household is asked."""

    j: int


@dataclass(frozen=True, slots=True)
class AirConsented:
    """A household agrees to be heard in public: by which words, in which call, by which key."""

    j: int
    k: int
    attempt_id: AttemptId
    sid: str
    text: str
    """Name, version and SHA-256 of the words that were spoken."""
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class AirDeclined:
    """A household would rather answer by keys alone."""

    j: int
    k: int
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AirTaken:
    """The operator takes the earliest household that agreed; the others are asked by keys."""

    j: int
    k: int
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AirEntered:
    """The household's line goes to the stage: from here on it may be heard."""

    j: int
    k: int
    attempt_id: AttemptId


@dataclass(frozen=True, slots=True)
class AirCut:
    """The line was muted and put on hold; `dumped`: what is still in the delay is thrown away."""

    j: int
    k: int
    dumped: bool


@dataclass(frozen=True, slots=True)
class AirResumed:
    """A line that was cut is heard again."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class AirReleased:
    """The operator sends the household back to the questions by key."""

    j: int
    k: int


@dataclass(frozen=True, slots=True)
class AirLeft:
    """The household's line is off the stage."""

    j: int
    k: int
    attempt_id: AttemptId
    end: AirEnd


@dataclass(frozen=True, slots=True)
class StageLinePlaced:
    """The hall's own line, or the cadre's telephone, is called into the stage's conference."""

    leg: AttemptId
    role: StageRole
    j: int


@dataclass(frozen=True, slots=True)
class StageLineReported:
    """What the carrier says of such a line."""

    leg: AttemptId
    sid: str
    status: CallStatus


AirEvent = (
    AirOffered
    | AirOfferEnded
    | AirConsented
    | AirDeclined
    | AirTaken
    | AirEntered
    | AirCut
    | AirResumed
    | AirReleased
    | AirLeft
    | StageLinePlaced
    | StageLineReported
)
