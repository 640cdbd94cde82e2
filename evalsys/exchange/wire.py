"""Twilio's wire format: identifiers, dates, telephone numbers and refusals."""

import re
import secrets
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from urllib.parse import urlsplit

API_VERSION = "2010-04-01"

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_CLIENT = re.compile(r"client:[A-Za-z0-9_.@-]{1,120}")
_SHORTEST_NUMBER = 8
_LONGEST_URL = 4000


class Refusal(Exception):  # noqa: N818 - the API refuses; it has not failed
    """The API refuses a request, with one of Twilio's error codes."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        """Take Twilio's `code`, a `message` for the developer and the HTTP `status`."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def as_json(self) -> dict[str, object]:
        """Return the body that Twilio sends with a refusal."""
        return {
            "code": self.code,
            "message": self.message,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }


def not_found(path: str) -> Refusal:
    """Return the refusal for a resource that does not exist."""
    return Refusal(20404, f"The requested resource {path} was not found", 404)


def new_sid(prefix: str) -> str:
    """Return a fresh identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def rfc2822(at: datetime | None) -> str | None:
    """Return `Tue, 31 Aug 2010 20:36:28 +0000`, or None when there is no time yet."""
    return None if at is None else format_datetime(at)


def called_number(raw: str) -> str:
    """Return whom to call: a number in E.164, or `client:name` for a page.

    Raises:
        Refusal: 21201 missing, 21211 not E.164, 21217 too short to be a telephone number.
    """
    if not raw:
        raise Refusal(21201, "No 'To' number is specified")
    if _CLIENT.fullmatch(raw):
        return raw
    if not _E164.fullmatch(raw):
        raise Refusal(21211, "Invalid 'To' Phone Number: it must be in E.164 format")
    if len(raw) <= _SHORTEST_NUMBER:
        raise Refusal(21217, "Phone number does not appear to be valid")
    return raw


def calling_number(raw: str) -> str:
    """Return the number shown to the person called, in E.164.

    Raises:
        Refusal: 21213 missing, 21212 not E.164.
    """
    if not raw:
        raise Refusal(21213, "No 'From' number is specified")
    if not is_caller(raw):
        raise Refusal(21212, "Invalid 'From' Phone Number: it must be in E.164 format")
    return raw


def is_caller(raw: str) -> bool:
    """Tell whether `raw` may be shown as the caller."""
    return bool(_E164.fullmatch(raw) or _CLIENT.fullmatch(raw))


def is_dialable(raw: str) -> bool:
    """Tell whether `raw` can be dialled: a whole number, or `client:name`."""
    return is_caller(raw) and len(raw) > _SHORTEST_NUMBER


@lru_cache(maxsize=1024)
def is_absolute_url(url: str) -> bool:
    """Tell whether `url` can be requested as it stands."""
    try:
        parts = urlsplit(url)
        return (
            len(url) <= _LONGEST_URL
            and parts.scheme in {"http", "https"}
            and bool(parts.hostname)
            and (parts.port is None or parts.port > 0)
        )
    except ValueError:
        return False
