"""From the carrier's words about a call to ours, and which word outranks which.

Callbacks arrive twice, late and out of order (reliability, section 3). A call's status
therefore only ever rises, and a final one stays whatever arrives after it.
"""

from collections.abc import Mapping

from evalsys.domain.live.words import ENDED, CallStatus

_CARRIER_WORDS: Mapping[str, CallStatus] = {
    "queued": CallStatus.PLACED,
    "initiated": CallStatus.PLACED,
    "ringing": CallStatus.RINGING,
    "in-progress": CallStatus.IN_PROGRESS,
    "completed": CallStatus.COMPLETED,
    "busy": CallStatus.BUSY,
    "no-answer": CallStatus.NO_ANSWER,
    "failed": CallStatus.FAILED,
    "canceled": CallStatus.CANCELED,
}
CARRIER_WORDS = frozenset(_CARRIER_WORDS)
"""What a carrier may say about a call; anything else is not Twilio's wire format."""

_FORBIDDEN = 403


def heard(word: str, *, reached: CallStatus, sip_code: int | None = None) -> CallStatus:
    """Say what the carrier's `word` means for a call that had come as far as `reached`.

    "failed" is three things. A call that was picked up or rang has reached a telephone, so
    the number is good and the attempt counts. One that the carrier itself could not carry
    (SIP 403 and 5xx) rang nowhere and is void. Otherwise the number is not in service.
    """
    status = _CARRIER_WORDS[word]
    if status is not CallStatus.FAILED:
        return status
    if reached in ENDED:
        return reached
    if sip_code is not None and _is_carriers_own(sip_code):
        return lost(reached)
    return status if reached is CallStatus.PLACED else lost(reached)


def lost(reached: CallStatus) -> CallStatus:
    """Say how a call ended of which the carrier knows nothing any more."""
    match reached:
        case CallStatus.PLACED:
            return CallStatus.VOID
        case CallStatus.RINGING:
            return CallStatus.NO_ANSWER
        case CallStatus.IN_PROGRESS:
            return CallStatus.COMPLETED
        case _:
            return reached


def _is_carriers_own(sip_code: int) -> bool:
    return sip_code == _FORBIDDEN or 500 <= sip_code < 600
