"""A short message, and what its callbacks tell."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalsys.exchange.calls import Target
from evalsys.exchange.wire import API_VERSION


class MessageStatus(StrEnum):
    """Where a message stands, in Twilio's words."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    RECEIVED = "received"
    """It came in: somebody wrote to us."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message at one moment; times are aware UTC."""

    sid: str
    to: str
    sender: str
    text: str
    created_at: datetime
    updated_at: datetime
    status: MessageStatus = MessageStatus.QUEUED
    sent_at: datetime | None = None
    error: int | None = None
    callback: Target | None = None

    @property
    def segments(self) -> int:
        """How many short messages it takes: 160 letters, 70 beyond ASCII; fewer each if several."""
        one, each = (160, 153) if self.text.isascii() else (70, 67)
        return 1 if len(self.text) <= one else -(-len(self.text) // each)


def incoming_params(account: str, message: Message) -> dict[str, str]:
    """Return what an application is told of a message that came in."""
    return {
        "AccountSid": account,
        "ApiVersion": API_VERSION,
        "Body": message.text,
        "From": message.sender,
        "MessageSid": message.sid,
        "NumMedia": "0",
        "NumSegments": str(message.segments),
        "SmsMessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }


def message_params(account: str, message: Message) -> dict[str, str]:
    """Return what a message's callback tells."""
    params = {
        "AccountSid": account,
        "ApiVersion": API_VERSION,
        "From": message.sender,
        "MessageSid": message.sid,
        "MessageStatus": message.status,
        "SmsSid": message.sid,
        "SmsStatus": message.status,
        "To": message.to,
    }
    return params | ({"ErrorCode": str(message.error)} if message.error else {})
