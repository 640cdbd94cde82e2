"""Votes on paper, where pads or the network fail: two clerks type the same slips apart.

The slips carry no seat and no name. When the box is opened they are numbered 1, 2, 3 … by hand, and
each clerk types one digit a slip in that order. What the two typed is compared slip by slip, so a
slip in dispute can be taken out of the pile and looked at. Which seats took a slip is noted when it
is handed out: these have no vote on their pads, so everybody has one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from evalsys.domain.panel import Choice
from evalsys.errors import InvalidInput, RuleViolation

CHOICE_OF_DIGIT = {
    "1": Choice.SATISFIED,
    "2": Choice.BASICALLY_SATISFIED,
    "3": Choice.NOT_SATISFIED,
    "0": None,
}
"""What the clerks type for a slip; 0 is a spoilt or blank one 废票, which abstains."""

CLERKS = 2


@dataclass(frozen=True, slots=True)
class TypedSlips:
    """All slips as one clerk typed them: a digit a slip."""

    clerk: str
    """The account's name."""
    digits: str

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What the valid slips say."""
        chosen = (CHOICE_OF_DIGIT[digit] for digit in self.digits)
        return tuple(choice for choice in chosen if choice is not None)


@dataclass(frozen=True, slots=True)
class Difference:
    """A slip that the clerks typed differently; an empty digit is a slip that one has not."""

    slip: int
    """1, 2, 3 … as numbered by hand."""
    first: str
    second: str


def read_slips(typed: str, *, handed_out: int) -> str:
    """Return the digits of the slips from what a clerk typed; blanks between them are forgiven.

    Raises:
        InvalidInput: something else than 0 to 3 was typed.
        RuleViolation: there are more slips than were handed out, or none at all was.
    """
    digits = "".join(typed.split())
    wrong = next((sign for sign in digits if sign not in CHOICE_OF_DIGIT), None)
    if wrong is not None:
        raise InvalidInput(
            f"第 {digits.index(wrong) + 1} 张录成了“{wrong}”。",
            remedy="每张票录一个数字：1 满意，2 基本满意，3 不满意，0 废票。",
            place="纸质票",
        )
    if not handed_out:
        raise RuleViolation("这一轮没有发出纸质票。", remedy="请先登记领票的席位。")
    if len(digits) > handed_out:
        raise RuleViolation(
            f"录入了 {len(digits)} 张，只发出 {handed_out} 张纸质票。",
            remedy="请核对票箱里的票数和领票登记；多出的票不能计入。",
        )
    return digits


def differences(first: TypedSlips, second: TypedSlips) -> tuple[Difference, ...]:
    """Name every slip that two clerks typed differently; nothing when they agree."""
    pairs = zip_longest(first.digits, second.digits, fillvalue="")
    return tuple(
        Difference(number, one, other)
        for number, (one, other) in enumerate(pairs, start=1)
        if one != other
    )


def agreed(typed: Sequence[TypedSlips]) -> TypedSlips | None:
    """Return the slips that both clerks typed alike; nothing before."""
    if len(typed) < CLERKS or differences(*typed[:CLERKS]):
        return None
    return typed[0]


def counted(typed: Sequence[TypedSlips], *, handed_out: int) -> tuple[Choice, ...]:
    """Return what the slips add to the count.

    Raises:
        RuleViolation: slips were handed out and the clerks have not agreed on them.
    """
    if not handed_out:
        return ()
    both = agreed(typed)
    if both is None:
        raise RuleViolation(
            f"已发出 {handed_out} 张纸质票，两位录入员还没有录成一致，不能计票。",
            remedy="请两位录入员在纸质票页录完并核对差异；未用的票请先收回。",
        )
    return both.choices
