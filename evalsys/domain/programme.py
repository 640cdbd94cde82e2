"""Programmes 项目 of units, and whom they served: drawn to judge them (Y36-Y39, Y74)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evalsys.domain.draw_shapes import MAX_HOUSEHOLDS
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import ProgrammeNumber, UnitCode

MOST_IN_A_SESSION = 50
"""Programmes that one session can hear; each has a slot of its own."""

_NUMBER = re.compile("9[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of a unit: what the unit did for households, one after the other."""

    number: ProgrammeNumber
    name: str
    unit: UnitCode
    unit_name: str
    households: int
    """Different households that it served."""


def is_programme_number(text: str) -> bool:
    """Say whether `text` is shaped as the number of a programme is."""
    return _NUMBER.fullmatch(text) is not None


def check_programmes(numbers: Iterable[str]) -> tuple[ProgrammeNumber, ...]:
    """Return the programmes of a session in the order of their numbers.

    Raises:
        InvalidInput: there are none or too many, or a number is malformed or named twice.
    """
    given = [ProgrammeNumber(number) for number in numbers]
    wrong = next((number for number in given if not is_programme_number(number)), None)
    if wrong is not None:
        raise InvalidInput(
            f"“{wrong[:20]}”不是项目编号。",
            remedy="项目编号是以 9 开头的 8 位半角数字。",
            place="项目",
        )
    if len(set(given)) != len(given):
        raise InvalidInput("同一个项目选了两次。", remedy="请删去重复的编号。", place="项目")
    if not 1 <= len(given) <= MOST_IN_A_SESSION:
        raise InvalidInput(
            f"选了 {len(given)} 个项目，应为 1 至 {MOST_IN_A_SESSION} 个。",
            remedy="请先导入项目的服务对象，再选择本场评议的项目。",
            place="项目",
        )
    return tuple(sorted(given))


def check_served(found: Iterable[Programme]) -> None:
    """Insist that every chosen programme can be committed to.

    Raises:
        RuleViolation: one served nobody, or more households than a line of the roster can hold.
    """
    for one in found:
        if not one.households:
            raise RuleViolation(
                f"项目 {one.number} 没有服务对象，无法评议。", remedy="请先导入它的服务对象。"
            )
        if one.households > MAX_HOUSEHOLDS:
            raise RuleViolation(
                f"项目 {one.number} 有 {one.households} 户服务对象，最多 {MAX_HOUSEHOLDS} 户。",
                remedy="请按批次拆成几个项目。",
            )
