"""The standby list from which investigation teams come, and who stands aside (Y54)."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.live.events import TeamMember
from evalsys.domain.live.events_after import Recused
from evalsys.domain.live.words import TeamCategory
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.errors import InvalidInput, RuleViolation

TEAM_NAMES: Final[Mapping[TeamCategory, str]] = {
    TeamCategory.DISCIPLINE: "纪检监察干部",
    TeamCategory.PEOPLES_DEPUTY: "人大代表",
    TeamCategory.CPPCC_MEMBER: "政协委员",
    TeamCategory.MASS_REPRESENTATIVE: "群众代表",
}

STANDBY: Final = Sheet(
    Kind.PANEL,
    "调查组备选名单",
    (
        Column("name", "姓名", cells.person_name),
        Column(
            "category",
            "类别",
            cells.one_of({name: category.value for category, name in TEAM_NAMES.items()}),
        ),
        Column("unit", "单位", cells.label, other_headers=("工作单位",)),
    ),
    key=("name", "unit"),
)


@dataclass(frozen=True, slots=True)
class StandbyMember:
    """Somebody who can be sent out tonight."""

    id: str
    category: TeamCategory
    name: str
    unit: str


@dataclass(frozen=True, slots=True)
class Team:
    """A team of four categories, and who stood aside for it."""

    members: tuple[TeamMember, ...]
    recused: tuple[Recused, ...]


def form_team(
    standby: Sequence[StandbyMember],
    *,
    unit: str,
    seed: str,
    picked: Mapping[TeamCategory, str],
    aside: Collection[str],
) -> Team:
    """Name one member of each category: who was picked, else whom the lot gives.

    Whoever works in the cadre's `unit`, or asked to stand aside (`aside`, ids), is recused. The lot
    is the smallest SHA-256 of `seed` and the member's name and unit, so that anybody who knows the
    list can repeat it.

    Raises:
        RuleViolation: a category has nobody left.
        InvalidInput: somebody was picked who is not on the list or is recused.
    """
    recused = tuple(_recusals(standby, unit, aside))
    out = {(one.category, one.name) for one in recused}
    members: list[StandbyMember] = []
    drawn = []
    for category in TeamCategory:
        named = {(one.name, one.unit) for one in members}  # four people, not one in two places
        free = [
            one
            for one in standby
            if one.category is category
            and (category, one.name) not in out
            and (one.name, one.unit) not in named
        ]
        choice = picked.get(category, "")
        members.append(_member(category, free, seed, choice))
        drawn.append(TeamMember(category, members[-1].name, drawn=not choice))
    return Team(tuple(drawn), recused)


def check_once(members: Iterable[StandbyMember]) -> None:
    """Insist that nobody stands on the list twice, in one category or in two.

    Raises:
        InvalidInput: somebody does.
    """
    seen = set()
    for one in members:
        if (one.name, one.unit) in seen:
            raise InvalidInput(
                f"{one.name}（{one.unit}）在名单里出现了两次。",
                remedy="一个人只能列在一个类别，请删去一行。",
                place=STANDBY.title,
            )
        seen.add((one.name, one.unit))


def _recusals(
    standby: Iterable[StandbyMember], unit: str, aside: Collection[str]
) -> Iterable[Recused]:
    for one in standby:
        if unit and one.unit == unit:
            yield Recused(one.category, one.name, "与被调查干部同单位")
        elif one.id in aside:
            yield Recused(one.category, one.name, "申请回避")


def _member(
    category: TeamCategory, free: Sequence[StandbyMember], seed: str, picked: str
) -> StandbyMember:
    if picked:
        found = next((one for one in free if one.id == picked), None)
        if found is None:
            raise InvalidInput(
                "所选的人不在备选名单中，或须回避。", remedy="请另选，或改用抽签。", place="调查组"
            )
        return found
    if not free:
        raise RuleViolation(
            f"备选名单中没有可派的{TEAM_NAMES[category]}。", remedy="请在备选名单页补充后再派。"
        )
    return min(free, key=lambda one: (_ticket(seed, one), one.id))


def _ticket(seed: str, one: StandbyMember) -> str:
    text = f"evalsys-team|1|{seed}|{one.category}|{one.name}|{one.unit}"
    return hashlib.sha256(text.encode()).hexdigest()
