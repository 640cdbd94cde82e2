"""Why a call over SIP did not come about, in the words of the API."""

from evalsys.exchange.calls import Status

UNREACHABLE = 503
"""What a carrier that gives no answer at all counts as."""
BROKEN = 500

_BUSY = frozenset({486, 600})
_NOBODY_THERE = frozenset({408, 480, 487})


def cause(reason: str) -> tuple[Status, int]:
    """Return how a call ended that nobody answered, with its SIP code.

    Args:
        reason: the status line of the refusal (`486 Busy Here`), or what the network said.

    Busy and declined are the household's own doing; no answer is nobody's; every other
    code is a failed call: the application reads from the code whether the number is dead
    (404, 484, 604) or the carrier is (403 and 5xx).
    """
    head = reason[:3]
    code = int(head) if head.isascii() and head.isdigit() else UNREACHABLE
    if code in _BUSY or code == _DECLINED:
        return Status.BUSY, code
    if code in _NOBODY_THERE:
        return Status.NO_ANSWER, code
    return Status.FAILED, code


_DECLINED = 603
