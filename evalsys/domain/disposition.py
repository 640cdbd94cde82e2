"""What the carrier says about a call, in Twilio's words, and which word outranks which.

Callbacks arrive twice, late and out of order (reliability, section 3). A call's status
therefore only ever rises, and a final one stays whatever arrives after it.
"""

from enum import StrEnum


class CallStatus(StrEnum):
    """Where one dialling attempt stands. All but VOID are the carrier's own words."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    """Somebody, or a machine, picked up, and the call has ended."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"
    VOID = "void"
    """Ours: nothing rang because the carrier was away. The attempt does not count."""

    @property
    def is_final(self) -> bool:
        """Whether the call is over."""
        return self not in _UNDER_WAY

    @property
    def rank(self) -> int:
        """How far the call has come; all final words rank alike."""
        return _UNDER_WAY.get(self, len(_UNDER_WAY))

    def supersedes(self, earlier: "CallStatus") -> bool:
        """Say whether this word, arriving now, changes what is known."""
        return self.rank > earlier.rank


_UNDER_WAY = {
    CallStatus.QUEUED: 0,
    CallStatus.INITIATED: 1,
    CallStatus.RINGING: 2,
    CallStatus.IN_PROGRESS: 3,
}
