"""Who is invited to the panel of a session, who may sit, and on which seat (Y47).

The list is handed in as a table. A seat stays a number and a category; the list alone says whose
it is, and no record of a session ever holds it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.panel import Seat, SeatCategory
from evalsys.domain.roster_cells import CellFault
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.ids import CadreNumber, LiveId

_CATEGORIES = {category.hall_name: category.value for category in SeatCategory}

PANEL: Final = Sheet(
    Kind.PANEL,
    "评议团名单",
    (
        Column("name", "姓名", cells.person_name),
        Column(
            "category", "类别", cells.one_of(_CATEGORIES), other_headers=("席位类别", "代表类别")
        ),
        Column("unit", "单位", cells.label, other_headers=("工作单位", "单位或村居")),
        Column("post", "职务", cells.label, needed=False, blank=""),
        Column("leading", "担任领导职务", cells.yes_no, other_headers=("是否担任领导职务",)),
    ),
    key=("name", "unit"),
)
"""`leading` is what the person declared; `check_entry` also asks the roster of cadres."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the list, as it was handed in."""

    name: str
    category: SeatCategory
    unit: str
    post: str
    leading: bool
    """Whether the person declared a leading post."""


@dataclass(frozen=True, slots=True)
class Leader:
    """A cadre of the roster with a leading post, as far as the check needs to know."""

    number: CadreNumber
    name: str
    unit: str
    why: str
    """The rank, or that the cadre is the principal of the unit."""


@dataclass(frozen=True, slots=True)
class PanelMember:
    """A person on the list of one session; without a seat a reserve 候补, or stood down."""

    id: str
    live: LiveId
    place: int
    """1, 2, 3 … as the list has them; the first of a category sit, the others are reserves."""
    entry: Entry
    seat: int | None = None
    stood_down: bool = False
    """Whether a reserve took this person's seat."""

    @property
    def is_reserve(self) -> bool:
        """Whether this person waits for a seat."""
        return self.seat is None and not self.stood_down


def check_entry(entry: Entry, leaders: Mapping[tuple[str, str], Leader]) -> CellFault | None:
    """Say why a person may not sit on the panel; nothing when they may (Y47).

    `leaders` are the roster's leading cadres by name and unit. The media and the chair do not
    judge beside the others, so their posts do not matter.
    """
    if not entry.category.must_hold_no_post:
        return None
    if entry.leading:
        return CellFault("担任领导职务的人不能进入评议团", "请换人，或核对“担任领导职务”一列。")
    leader = leaders.get((entry.name, entry.unit))
    if leader is None:
        return None
    return CellFault(
        f"与花名册中的干部 {leader.number}（{leader.why}）同名同单位，领导干部不能进入评议团",
        "请换人；确实不是同一个人的，请把单位写得更具体。",
    )


def seat_members(
    members: Sequence[PanelMember], seats: Iterable[Seat]
) -> tuple[tuple[PanelMember, int], ...]:
    """Say which reserve takes which empty seat: by category, in the order of the list."""
    held = {member.seat for member in members}
    empty: dict[SeatCategory, list[int]] = defaultdict(list)
    for seat in sorted(seats, key=lambda one: one.number):
        if seat.number not in held:
            empty[seat.category].append(seat.number)
    seated = []
    for member in sorted(members, key=lambda one: one.place):
        waiting = empty[member.entry.category]
        if member.is_reserve and waiting:
            seated.append((member, waiting.pop(0)))
    return tuple(seated)


def next_reserve(members: Iterable[PanelMember], category: SeatCategory) -> PanelMember | None:
    """Name who takes the seat of an absent member: the first reserve of the same category."""
    waiting = (one for one in members if one.is_reserve and one.entry.category is category)
    return min(waiting, key=lambda one: one.place, default=None)
