"""How to reach the county office: telephone, hours, address, as households are told."""

import re
from dataclasses import dataclass

from evalsys.domain.written import LONGEST_NAME, one_line
from evalsys.errors import InvalidInput

_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{3,28}[0-9]")


@dataclass(frozen=True, slots=True)
class OfficeContact:
    """What stands on the pages of households and of the public."""

    phone: str
    hours: str
    address: str
    note: str = ""
    """Such as which bus stops there; may be empty."""


def check_contact(typed: OfficeContact) -> OfficeContact:
    """Return what was typed, tidied.

    Raises:
        InvalidInput: the telephone is no number, or hours or address are missing or too long.
    """
    phone = one_line(typed.phone, "电话", longest=30)
    if not _PHONE.fullmatch(phone):
        raise InvalidInput(
            f"“{phone}”不是电话号码。", remedy="请写成 0539-1234567 这样的号码。", place="电话"
        )
    hours = one_line(typed.hours, "办公时间", longest=LONGEST_NAME)
    address = one_line(typed.address, "地址", longest=LONGEST_NAME)
    for text, place in ((hours, "办公时间"), (address, "地址")):
        if not text:
            raise InvalidInput(f"没有写{place}。", remedy="请补上。", place=place)
    return OfficeContact(phone, hours, address, one_line(typed.note, "说明", longest=200))
