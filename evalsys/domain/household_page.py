"""A household's own page: how it gets in, what it may ask for, what must be kept and why.

There is no account. A household gets in with a code that works once: six digits by short message,
good only in the browser that asked for it, or twelve digits in a printed letter.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.phone_number import BadPhone
from evalsys.domain.roster_cells import CellFault, Mended, Parsed, Parser
from evalsys.errors import InvalidInput

MESSAGE_DIGITS: Final = 6
LETTER_DIGITS: Final = 12
"""A letter's code works in any browser, so it must not be guessed among a county's letters."""
MESSAGE_LASTS: Final = timedelta(minutes=15)
LETTER_LASTS: Final = timedelta(days=30)
SITTING_LASTS: Final = timedelta(minutes=30)
"""A page that nobody touches for so long is closed."""
ASKED_WITHIN: Final = timedelta(hours=1)
ASKED_A_NUMBER: Final = 3
ASKED_AN_ADDRESS: Final = 10
"""A village may share one address; a number never gets more than a few messages an hour."""
TRIED_WITHIN: Final = timedelta(minutes=15)
TRIED_AN_ADDRESS: Final = 15
TRIED_A_CODE: Final = 5
"""Guesses at one message's code, whether right or wrong."""

_JOINTS = re.compile(r"[\s\-—]+")


class Via(StrEnum):
    """How a code reached the household."""

    MESSAGE = "message"
    LETTER = "letter"


class WishKind(StrEnum):
    """What a household may ask the county office for, beside what it does itself."""

    CORRECT = "correct"
    """更正花名册上的内容: name, number of people, telephones, grid."""
    ERASE = "erase"
    """删除诉求中的文字."""
    PROTECT = "protect"
    """保护措施: a `Protection`, without a reason."""


class Outcome(StrEnum):
    """What the office made of a wish."""

    GRANTED = "granted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Correction:
    """What the office puts right in the roster when it grants a `CORRECT`; empty: nothing."""

    head: str = ""
    members: int | None = None
    phones: tuple[str, ...] = ()
    """All of the household's numbers, E.164, in order."""

    @property
    def fields(self) -> tuple[str, ...]:
        """Name the columns of the roster that it is about."""
        given = {"head": self.head, "members": self.members, "phones": self.phones}
        return tuple(name for name, value in given.items() if value)


NO_CORRECTION: Final = Correction()


def read_correction(head: str, members: str, phones: str) -> Correction:
    """Read what the office typed, by the rules of a roster's cells.

    Raises:
        InvalidInput: a value cannot stand in the roster; its place names the column.
    """
    numbers = _read("联系电话", cells.phones, phones)
    read = numbers if isinstance(numbers, tuple) else ()
    wrong = [one for one in read if isinstance(one, BadPhone)]
    if wrong:
        raise InvalidInput(
            f"电话无法拨打：{wrong[0].why}。",
            remedy="请核对号码，多个号码用顿号隔开。",
            place="联系电话",
        )
    people = _read("家庭人口", cells.whole(1, 99), members)
    return Correction(
        str(_read("户主姓名", cells.person_name, head) or ""),
        people if isinstance(people, int) else None,
        tuple(str(one) for one in read),
    )


def _read(title: str, parse: Parser, typed: str) -> Parsed:
    if not typed.strip():
        return None
    try:
        return parse(typed.strip())
    except Mended as mended:
        return mended.value
    except CellFault as fault:
        raise InvalidInput(f"{fault.what}。", remedy=fault.remedy, place=title) from None


class Kept(StrEnum):
    """Something that is not erased on request; erasing stops all other use of it."""

    LINKS = "links"
    """Links and visits: by them the county finds out whether cadres did their duty."""
    LOOP = "loop"
    """What was done about a request, and in what time: the archive of petitions."""
    LOOKS = "looks"
    """Who looked at the household's data: it protects the household (Cybersecurity Law art. 21)."""


def read_code(typed: str) -> tuple[Via, str] | None:
    """Read a code as people type it: full-width digits, spaces and hyphens are understood."""
    digits = _JOINTS.sub("", unicodedata.normalize("NFKC", typed))
    if not (digits.isascii() and digits.isdigit()):
        return None
    by_length = {MESSAGE_DIGITS: Via.MESSAGE, LETTER_DIGITS: Via.LETTER}
    via = by_length.get(len(digits))
    return None if via is None else (via, digits)


def in_groups(digits: str) -> str:
    """Write a letter's code in groups of four, as it is read out."""
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def masked(number: str) -> str:
    """Show a telephone number so that its owner knows it again, and nobody else learns it."""
    return f"{number[:-8]}****{number[-4:]}" if len(number) > 8 else "****"
