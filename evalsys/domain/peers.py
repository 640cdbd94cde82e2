"""Peer groups 同类组: who can fairly be compared with whom (Y81).

A junior cadre of a poor office is not measured against the head of one that hands out money:
a group is a band of ranks in a kind of units, or what the department assigned by name.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import median_high
from typing import Final

from evalsys.domain.roster_ranks import RANKS, RankBand
from evalsys.ids import CadreNumber, UnitCode

BANDS: Final[Mapping[RankBand, str]] = {
    RankBand.STAFF: "一般干部",
    RankBand.DEPUTY_SECTION: "副科级",
    RankBand.SECTION: "正科级",
    RankBand.DEPUTY_DIVISION: "副处级",
    RankBand.DIVISION: "正处级",
}
NO_KIND: Final = "未分类单位"


@dataclass(frozen=True, slots=True)
class UnitKind:
    """What kind of unit one is, as the department entered it; the last entry holds."""

    unit: UnitCode
    kind: str
    document: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PeerAssignment:
    """A cadre put into a group by name; an empty group takes the assignment back."""

    cadre: CadreNumber
    group: str
    reason: str
    entered_by: str
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class PeerStanding:
    """Where one cadre stands among peers. Groups with too few results show no figure at all."""

    group: str
    people: int
    graded: int
    """How many of the group have a result; the n of every figure here."""
    median_tenths: int | None = None
    place: int | None = None
    """From 1, the best; equals share the better place."""
    quartile: int | None = None
    """1 is the best quarter of the group."""


def group_of(rank: str, unit: UnitCode, kinds: Mapping[UnitCode, str], assigned: str = "") -> str:
    """Name the group of a cadre: what was assigned, else the kind of unit and the band of rank."""
    if assigned:
        return assigned
    band = BANDS[RANKS[rank]] if rank in RANKS else rank or "职级未登记"
    return f"{kinds.get(unit, NO_KIND)}·{band}"


def standings(
    members: Iterable[tuple[CadreNumber, str, int | None]], *, hide_below: int
) -> dict[CadreNumber, PeerStanding]:
    """Compare cadres, given each with group and total in tenths, within their groups."""
    groups: dict[str, list[tuple[CadreNumber, int | None]]] = defaultdict(list)
    for number, group, total in members:
        groups[group].append((number, total))
    found: dict[CadreNumber, PeerStanding] = {}
    for group, people in groups.items():
        totals = sorted(-total for _, total in people if total is not None)
        for number, total in people:
            found[number] = _standing(group, len(people), totals, total, hide_below)
    return found


def _standing(
    group: str, people: int, totals: list[int], own: int | None, hide_below: int
) -> PeerStanding:
    """Place one total among `totals`, which are negated and sorted: the best comes first."""
    graded = len(totals)
    if graded < hide_below:
        return PeerStanding(group, people, graded)
    middle = -median_high(totals)
    if own is None:
        return PeerStanding(group, people, graded, middle)
    better = bisect_left(totals, -own)
    return PeerStanding(group, people, graded, middle, better + 1, 4 * better // graded + 1)
