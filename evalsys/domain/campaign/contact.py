"""What an attempt came to, from where its conversation ended."""

from evalsys.domain.campaign.policy import Contact
from evalsys.domain.interview import Ask, Ending, Farewell, Step, Topic
from evalsys.domain.live.words import CallStatus

_ENDINGS = {
    Ending.THANKS: Contact.COMPLETE,
    Ending.REFUSED: Contact.REFUSED,
    Ending.NOT_LINKED: Contact.NOT_LINKED,
    Ending.SILENT: Contact.SILENT,
    Ending.NOT_FREE: Contact.NOT_FREE,
    Ending.NEVER: Contact.REFUSED_FOR_GOOD,
    Ending.PIN_FAILED: Contact.PIN_FAILED,
    # Neither is the household's doing: it does not count.
    Ending.CLOSED: Contact.CARRIER_FAILED,
    Ending.FAULT: Contact.CARRIER_FAILED,
}
_UNANSWERED = {
    CallStatus.BUSY: Contact.BUSY,
    CallStatus.NO_ANSWER: Contact.NO_ANSWER,
    CallStatus.CANCELED: Contact.NO_ANSWER,
    CallStatus.FAILED: Contact.DEAD_NUMBER,
    CallStatus.VOID: Contact.CARRIER_FAILED,
}


def contact_of(status: CallStatus, step: Step | None, *, has_agreed: bool) -> Contact:
    """Say what an attempt came to.

    Args:
        status: the carrier's final word.
        step: what was asked last or how it ended; nothing when nobody picked up.
        has_agreed: whether the household had agreed to be asked.
    """
    if step is None:
        return _UNANSWERED.get(status, Contact.HUNG_UP)
    match step:
        case Farewell(Ending.SILENT) if has_agreed:
            return Contact.BROKEN_OFF
        case Farewell(ending):
            return _ENDINGS[ending]
        case Ask(Topic.COMMENT | Topic.REVIEW):
            return Contact.PARTIAL
        case Ask():
            return Contact.BROKEN_OFF if has_agreed else Contact.HUNG_UP
