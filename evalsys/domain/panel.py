"""The panel 评议团: its seats, their one-time codes, and one person one vote (Y44, Y47)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from evalsys.errors import InvalidInput, RuleViolation, StaleState
from evalsys.ids import LiveId

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: a code is read from paper by old eyes."""

CODE_LENGTH = 8


class SeatCategory(StrEnum):
    """Whom a seat of the panel is for (Y47)."""

    PARTY_DELEGATE = "party_delegate"
    PEOPLES_DEPUTY = "peoples_deputy"
    CPPCC_MEMBER = "cppcc_member"
    MASS_REPRESENTATIVE = "mass_representative"
    RETIRED_CADRE = "retired_cadre"
    UNIT_REPRESENTATIVE = "unit_representative"
    MEDIA = "media"
    """May propose to name a cadre, and never votes (Y33)."""
    CHAIR = "chair"
    """一把手: states an opinion once the panel's count is public, the last of all (L29)."""

    @property
    def hall_name(self) -> str:
        """What the hall calls them."""
        return _TITLES[self]

    @property
    def may_vote(self) -> bool:
        """Whether seats of this category vote; the others watch, and may propose a naming."""
        return self not in {SeatCategory.MEDIA, SeatCategory.CHAIR}

    @property
    def must_hold_no_post(self) -> bool:
        """Whether the seat is closed to holders of a leading post (Y47): those that judge."""
        return self.may_vote


_TITLES = {
    SeatCategory.PARTY_DELEGATE: "党代表",
    SeatCategory.PEOPLES_DEPUTY: "人大代表",
    SeatCategory.CPPCC_MEMBER: "政协委员",
    SeatCategory.MASS_REPRESENTATIVE: "群众代表",
    SeatCategory.RETIRED_CADRE: "老干部",
    SeatCategory.UNIT_REPRESENTATIVE: "驻沂水单位代表",
    SeatCategory.MEDIA: "媒体",
    SeatCategory.CHAIR: "主要负责人",
}


class Choice(StrEnum):
    """What a panel member may say of a cadre."""

    SATISFIED = "satisfied"
    """满意."""
    BASICALLY_SATISFIED = "basically_satisfied"
    """基本满意."""
    NOT_SATISFIED = "not_satisfied"
    """不满意."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat of the panel in one live session; a number and a category, never a name."""

    id: str
    live: LiveId
    number: int
    """1, 2, 3 ... through the whole panel."""
    category: SeatCategory
    label: str
    """As printed on the card: "人大代表 03"."""
    code: str
    """One-time join code of the present card."""
    issue: int
    """1 for the first card, one more with every new card; a new card ends the old device."""
    joined_at: datetime | None
    """When a device took the seat, if one did."""

    @property
    def is_taken(self) -> bool:
        """Whether a device sits here."""
        return self.joined_at is not None


@dataclass(frozen=True, slots=True)
class Vote:
    """A seat's present choice in a round.

    `revision` is counted by the pad: 1 for the first choice, one more with each change.
    It makes a repeat harmless and a late, overtaken one powerless.
    """

    choice: Choice
    revision: int


@dataclass(frozen=True, slots=True)
class VoteCounts:
    """The count of a closed vote. `present` are the voting seats that were there in any way."""

    satisfied: int
    basically_satisfied: int
    not_satisfied: int
    present: int

    @property
    def voted(self) -> int:
        """How many seats voted; the others abstained."""
        return self.satisfied + self.basically_satisfied + self.not_satisfied


def tally(choices: Iterable[Choice], *, present: int) -> VoteCounts:
    """Count the last choice of every seat that voted."""
    given = tuple(choices)
    return VoteCounts(
        satisfied=given.count(Choice.SATISFIED),
        basically_satisfied=given.count(Choice.BASICALLY_SATISFIED),
        not_satisfied=given.count(Choice.NOT_SATISFIED),
        present=max(present, len(given)),
    )


def revise(current: Vote | None, proposed: Vote) -> Vote:
    """Return the vote that holds after `proposed` arrived at a seat that had voted `current`.

    Raises:
        InvalidInput: the revision is not a positive number.
        StaleState: a later revision, or another choice of the same revision, came first.
    """
    if proposed.revision < 1:
        raise InvalidInput("表决序号必须从 1 开始。", remedy="请刷新页面后重新按一次。")
    if current is None or proposed.revision > current.revision:
        return proposed
    if proposed == current:
        return current
    raise StaleState(
        "本席已有更新的表决，这一次没有改变它。",
        remedy="请以页面上显示的表决为准；要更改，请再按一次。",
    )


def check_may_sit(category: SeatCategory, *, holds_leading_post: bool) -> None:
    """Let only people without a leading post sit on the panel (Y47).

    The media and the chair do not judge beside the others: their posts do not matter.

    Raises:
        RuleViolation: the person holds one.
    """
    if holds_leading_post and category.must_hold_no_post:
        raise RuleViolation(
            "评议团成员不得担任领导职务，本席不能入座。",
            remedy="请把席位卡交还工作人员，由候补人员入座。",
        )


def seat_label(category: SeatCategory, number: int) -> str:
    """Name the `number`-th seat of a category: "人大代表 03"."""
    return f"{category.hall_name} {number:02d}"


def read_code(typed: str) -> str:
    """Return a join code as it was issued, from how a person typed it.

    Full-width and small letters, blanks and hyphens are forgiven.

    Raises:
        InvalidInput: this can not be a join code.
    """
    code = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in code if not sign.isspace() and sign not in "-_·")
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_ALPHABET):
        raise InvalidInput(
            f"入座码应为 {CODE_LENGTH} 位字母和数字。",
            remedy="请照席位卡重新输入；卡上没有数字 0、1，也没有字母 O、I、L。",
            place="入座码",
        )
    return code
