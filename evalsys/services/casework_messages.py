"""Requests that households send as short messages (Y83): the telephone says who asks.

The answer is a short message too, and the only one that the household gets: it says what became
of its words, or what to do instead. It repeats nothing of them.
"""

from hashlib import sha256

from evalsys.domain.casework.intake import LONGEST_TEXT, SHORTEST_TEXT, Intake
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.errors import InvalidInput
from evalsys.services.casework_intake import CaseworkIntake

_TAKEN = "您反映的事已受理，受理号{code}。我们会按时限答复您；查进度时请报这个号。"
_UNKNOWN = (
    "这个手机号没有登记为联系户的电话，或不止一户登记，系统收不下。"
    "请用登记的手机再发，或打电话告诉您的联系干部。"
)
_LENGTH = f"请用{SHORTEST_TEXT}到{LONGEST_TEXT}个字写清楚是什么事、在哪里，再发一次。"
_NOT_NOW = "系统暂时收不下您的短信，请过一会儿再发，或打电话告诉您的联系干部。"


class CaseworkMessages:
    """Short messages on their way into the single intake."""

    def __init__(self, intake: CaseworkIntake) -> None:
        """Take messages in by `intake`, as everything else is."""
        self._intake = intake

    def take(self, sid: str, sender: str, text: str) -> str:
        """Take a message in; return the words that answer it.

        Args:
            sid: the carrier's name of the message: delivered twice, it is one request.
            sender: the number that it came from; it has to be one household's.
            text: what it says.
        """
        if not SHORTEST_TEXT <= len(text.strip()) <= LONGEST_TEXT:
            return _LENGTH
        request = Intake(
            kind=RequestKind.PROBLEM,
            channel=Channel.SMS,
            text=text,
            phone=sender,
            client_id=f"sms:{sha256(sid.encode()).hexdigest()[:40]}",
        )
        try:
            taken = self._intake.register(request)
        except InvalidInput:
            return _UNKNOWN
        return _TAKEN.format(code=taken.code)


def not_now() -> str:
    """Return the words for a message that we could not keep."""
    return _NOT_NOW
