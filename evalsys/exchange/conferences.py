"""A conference as the API shows it, and what its callbacks tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalsys.exchange.calls import Target
from evalsys.exchange.wire import rfc2822


class ConferenceStatus(StrEnum):
    """Where a conference stands, in Twilio's words."""

    INIT = "init"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"


class EndReason(StrEnum):
    """Why a conference ended, in Twilio's words."""

    BY_API = "conference-ended-via-api"
    HOST_LEFT = "participant-with-end-conference-on-exit-left"
    HOST_KICKED = "participant-with-end-conference-on-exit-kicked"
    LAST_LEFT = "last-participant-left"
    LAST_KICKED = "last-participant-kicked"


EVENT_OF: Mapping[str, str] = {
    "conference-start": "start",
    "conference-end": "end",
    "participant-join": "join",
    "participant-leave": "leave",
    "participant-mute": "mute",
    "participant-unmute": "mute",
    "participant-hold": "hold",
    "participant-unhold": "hold",
    "participant-modify": "modify",
    "participant-speech-start": "speaker",
    "participant-speech-stop": "speaker",
    "announcement-end": "announcement",
    "announcement-fail": "announcement",
}
"""The `statusCallbackEvent` that asks for a report."""


@dataclass(frozen=True, slots=True)
class Conference:
    """One conference at one moment; times are aware UTC."""

    sid: str
    name: str
    created_at: datetime
    updated_at: datetime
    status: ConferenceStatus = ConferenceStatus.INIT
    reason: str = ""
    ended_by: str = ""
    """Sid of the call whose leaving ended it."""
    callback: Target | None = None
    """Where its events are reported: what the first call to enter asked for."""
    events: tuple[str, ...] = ()
    reported: int = 0
    """How many callbacks were issued: the last one's SequenceNumber."""

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.status is ConferenceStatus.COMPLETED


def event_params(
    account: str, conference: Conference, event: str, at: datetime, more: Mapping[str, str]
) -> dict[str, str]:
    """Return what a conference's callback tells; callbacks are numbered from 1."""
    return {
        "AccountSid": account,
        "ConferenceSid": conference.sid,
        "FriendlyName": conference.name,
        "StatusCallbackEvent": event,
        "SequenceNumber": str(conference.reported + 1),
        "Timestamp": rfc2822(at) or "",
        **more,
    }
