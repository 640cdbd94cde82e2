"""Who is on air, and who may come next: the state of the stage's lines."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import assert_never

from evalsys.domain.live import events_air as a
from evalsys.domain.live.words import ENDED, AirEnd, CallStatus, StageRole, supersedes
from evalsys.ids import AttemptId, LiveId


class AirStatus(StrEnum):
    """How far a household has come on its way to the stage."""

    DECLINED = "declined"
    WILLING = "willing"
    """It agreed, and waits to be taken."""
    TAKEN = "taken"
    """It was chosen; its line will be put through in a moment."""
    ON_AIR = "on_air"
    CUT = "cut"
    LEAVING = "leaving"
    """The operator sent it back; the carrier has not said yet that it is off."""
    OFF = "off"


STAGED = frozenset({AirStatus.TAKEN, AirStatus.ON_AIR, AirStatus.CUT, AirStatus.LEAVING})


@dataclass(frozen=True, slots=True)
class AirLeg:
    """One household's line, as far as the stage is concerned."""

    k: int
    attempt_id: AttemptId
    status: AirStatus
    sid: str = ""
    end: AirEnd | None = None
    dumped: bool = False


@dataclass(frozen=True, slots=True)
class Air:
    """The stage calls of one round."""

    is_offered: bool = False
    legs: Mapping[int, AirLeg] = field(default_factory=dict)
    """By position."""

    @property
    def staged(self) -> AirLeg | None:
        """The household that was taken, until it is off."""
        return next((leg for leg in self.legs.values() if leg.status in STAGED), None)


@dataclass(frozen=True, slots=True)
class StageLine:
    """The hall's or the cadre's line into the stage's conference."""

    leg: AttemptId
    role: StageRole
    j: int
    status: CallStatus = CallStatus.PLACED
    sid: str = ""

    @property
    def is_live(self) -> bool:
        """Whether the carrier may still be working on it."""
        return self.status not in ENDED


Lines = Mapping[AttemptId, StageLine]


def conference_of(live: LiveId) -> str:
    """Name the conference of a session's stage."""
    return f"stage-{live}"


_STATUS_AFTER: Mapping[type[a.AirEvent], AirStatus] = {
    a.AirTaken: AirStatus.TAKEN,
    a.AirEntered: AirStatus.ON_AIR,
    a.AirCut: AirStatus.CUT,
    a.AirResumed: AirStatus.ON_AIR,
    a.AirReleased: AirStatus.LEAVING,
}


def with_line(lines: Lines, event: a.StageLinePlaced | a.StageLineReported) -> Lines:
    """Return the stage's own lines after one more event."""
    match event:
        case a.StageLinePlaced(leg, role, j):
            return {**lines, leg: StageLine(leg, role, j)}
        case a.StageLineReported(leg, sid, status):
            return {**lines, leg: replace(lines[leg], sid=sid, status=status)}
        case _:
            assert_never(event)


def with_event(air: Air, event: a.AirEvent) -> Air:  # noqa: PLR0911 - one arm an event
    """Return a round's stage calls after one more event."""
    match event:
        case a.AirOffered():
            return replace(air, is_offered=True)
        case a.AirOfferEnded():
            return replace(air, is_offered=False)
        case a.AirConsented(k=k):
            leg = AirLeg(k, event.attempt_id, AirStatus.WILLING, sid=event.sid)
            return _with(air, leg)
        case a.AirDeclined(k=k):
            return _with(air, AirLeg(k, event.attempt_id, AirStatus.DECLINED))
        case a.AirLeft(k=k):
            return _with(air, replace(air.legs[k], status=AirStatus.OFF, end=event.end))
        case a.StageLinePlaced() | a.StageLineReported():
            return air
        case _:
            leg = replace(air.legs[event.k], status=_STATUS_AFTER[type(event)])
            if isinstance(event, a.AirCut):
                leg = replace(leg, dumped=event.dumped)
            # One talk an offer: the others are asked by keys.
            taken = isinstance(event, a.AirTaken)
            return replace(_with(air, leg), is_offered=air.is_offered and not taken)


def without_call(air: Air, k: int, attempt_id: AttemptId) -> Air:
    """Return a round's stage calls after the call of position `k` has ended."""
    leg = air.legs.get(k)
    if leg is None or leg.attempt_id != attempt_id or leg.status is AirStatus.OFF:
        return air
    if leg.status is AirStatus.DECLINED:
        return air
    return _with(air, replace(leg, status=AirStatus.OFF, end=leg.end or AirEnd.HUNG_UP))


def line_news(line: StageLine, status: CallStatus, sid: str) -> bool:
    """Whether a report says something new of a stage line; late and repeated ones do not."""
    return supersedes(status, line.status) or (line.is_live and not line.sid and bool(sid))


def _with(air: Air, leg: AirLeg) -> Air:
    return replace(air, legs={**air.legs, leg.k: leg})
