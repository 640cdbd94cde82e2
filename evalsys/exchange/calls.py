"""A call: what was asked for, where it stands, and which way it may go from there."""

import math
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

DEFAULT_RING_SECONDS = 60
LONGEST_RING_SECONDS = 600
DEFAULT_TIME_LIMIT_SECONDS = 4 * 3600


class Status(StrEnum):
    """Where a call stands, in Twilio's words."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"


TERMINAL = frozenset(
    {Status.COMPLETED, Status.BUSY, Status.NO_ANSWER, Status.FAILED, Status.CANCELED}
)
_ORDER = (Status.QUEUED, Status.INITIATED, Status.RINGING, Status.IN_PROGRESS)
EVENT_OF = {
    Status.INITIATED: "initiated",
    Status.RINGING: "ringing",
    Status.IN_PROGRESS: "answered",
} | dict.fromkeys(TERMINAL, "completed")
"""The `StatusCallbackEvent` that reports a status; `completed` reports every end."""
EVENTS = frozenset(EVENT_OF.values())


@dataclass(frozen=True, slots=True)
class Target:
    """Where the next TwiML comes from: an address, or the document itself."""

    url: str = ""
    method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class CallRequest:
    """What `POST /Calls` asked for."""

    to: str
    caller: str
    target: Target
    fallback: Target | None = None
    status_callback: Target | None = None
    status_events: tuple[str, ...] = ("completed",)
    ring_seconds: int = DEFAULT_RING_SECONDS
    limit_seconds: int = DEFAULT_TIME_LIMIT_SECONDS
    parent_sid: str = ""
    """Of the call whose <Dial> placed this one; empty for one that the API placed."""
    send_digits: str = ""
    """Keys to be sent once it is answered."""
    comes_in: bool = False
    """Whether somebody called us."""
    detects_machines: bool = False
    """Whether the application wants to know if a person answered."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call at one moment; times are aware UTC."""

    sid: str
    request: CallRequest
    created_at: datetime
    updated_at: datetime
    status: Status = Status.QUEUED
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    sip_code: int | None = None
    reported: int = 0
    """How many status callbacks were issued: the next one's SequenceNumber."""
    answered_by: str = ""
    """human, machine_start or unknown; empty when nobody wanted to know."""

    @property
    def is_over(self) -> bool:
        """Whether the call has ended, whichever way."""
        return self.status in TERMINAL

    @property
    def seconds(self) -> int | None:
        """Real seconds of talk rounded up, at least 1; 0 if never answered; None until over."""
        if self.ended_at is None:
            return None
        if self.answered_at is None:
            return 0
        return max(1, math.ceil((self.ended_at - self.answered_at).total_seconds()))


def advance(call: Call, status: Status, at: datetime, sip_code: int | None = None) -> Call:
    """Return the call one step further; a call that is over, or further on, stays as it is."""
    if call.is_over or not _is_forward(call.status, status):
        return call
    return replace(
        call,
        status=status,
        updated_at=at,
        started_at=call.started_at or (None if status is Status.CANCELED else at),
        answered_at=at if status is Status.IN_PROGRESS else call.answered_at,
        ended_at=at if status in TERMINAL else None,
        sip_code=sip_code if sip_code is not None else call.sip_code,
    )


def _is_forward(present: Status, wanted: Status) -> bool:
    return wanted in TERMINAL or _ORDER.index(wanted) > _ORDER.index(present)


@dataclass(frozen=True, slots=True)
class Recording:
    """What somebody said after the beep, or what was said in a conference."""

    sid: str
    call_sid: str
    created_at: datetime
    seconds: int
    media: bytes
    media_type: str
    transcription_sid: str = ""
    transcript: str | None = None
    """The words, when the line knows them; None when nobody can tell."""
    conference_sid: str = ""
    source: str = "RecordVerb"
