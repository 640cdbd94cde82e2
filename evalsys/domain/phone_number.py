"""Telephone numbers as people type them, and as the carrier dials them (E.164).

A household may live elsewhere: any number of the country is taken (G12). Own rules, not a
library's: a county hands in 337,000 numbers at a time, and a number that no carrier has assigned
must pass, because fictitious counties are made of those.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

FICTITIOUS_PREFIX: Final = "154"
"""Mobile numbers 154xxxxxxxx: of the right shape, assigned to no carrier in mainland China."""

MAX_KEPT_BYTES: Final = 30
"""How much of a misspelt number is kept for whoever corrects it."""

_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}")
_ABROAD = re.compile(r"\+(?!86)[1-9][0-9]{7,14}")
_COUNTRY = re.compile(r"(?:\+|00)86|86(?=1[3-9][0-9]{9}$)")
_JOINTS = re.compile(r"[\s()（）\u2010-\u2015_.-]+")
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|[-#])\s*[0-9]{1,6}$", re.IGNORECASE)
_SEVERAL = re.compile(r"[、，,;；/|\r\n]+")


@dataclass(frozen=True, slots=True)
class BadPhone:
    """What somebody typed where a number belongs; `text` is cut to `MAX_KEPT_BYTES`."""

    text: str
    why: str


Phones = tuple[str | BadPhone, ...]
"""Numbers in order of preference: E.164 (begins with "+") or what could not be read as one."""


def is_plain_mobile(text: str) -> bool:
    """Say whether `text` is a mainland mobile number without any ornament: eleven digits."""
    return _MOBILE.fullmatch(text) is not None


def split_phones(text: str) -> list[str]:
    """Split a cell that holds several numbers: `15400000001、0539-2250000`, or one a line."""
    return [part for part in _SEVERAL.split(text) if part.strip()]


def to_e164(text: str) -> str | BadPhone:
    """Read one number as typed: full-width digits, spaces, hyphens and +86 are understood.

    Takes mainland mobiles (1[3-9] and nine digits), landlines with their area code, and
    foreign numbers with a plus. Short and service numbers are refused: they reach nobody.
    """
    typed = unicodedata.normalize("NFKC", text)
    digits = _JOINTS.sub("", typed)
    extension = _EXTENSION.search(typed)
    if extension and _LANDLINE.fullmatch(_JOINTS.sub("", typed[: extension.start()])):
        return _bad(text, "带分机号，不能直接拨打")
    if not digits.isascii():
        return _bad(text, "含有非数字字符")
    country = _COUNTRY.match(digits)
    national = digits[country.end() :] if country else digits
    if _MOBILE.fullmatch(national):
        return f"+86{national}"
    if country and not national.startswith("0"):
        national = f"0{national}"
    if _LANDLINE.fullmatch(national):
        return f"+86{national[1:]}"
    if _ABROAD.fullmatch(digits):
        return digits
    return _bad(text, _fault_of(digits))


def _fault_of(digits: str) -> str:
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return "含有非数字字符"
    if digits.startswith("1"):
        return f"手机号应为11位，这里是{len(digits)}位" if len(digits) != 11 else "不是手机号段"
    if len(digits) in {7, 8}:
        return "固定电话缺少区号"
    return "位数或区号不对"


def _bad(text: str, why: str) -> BadPhone:
    kept = text.strip().encode()[:MAX_KEPT_BYTES].decode(errors="ignore")
    return BadPhone(kept, why)
