"""The officials of a made-up county: who they are, and how they treat their households."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from evalsys.county import names
from evalsys.county.dice import Dice, apportion
from evalsys.county.land import Area, Land, seats
from evalsys.county.offices import Office, Post, offices, posts
from evalsys.domain.roster_ranks import RANKS, RankBand
from evalsys.ids import CadreNumber, GridCode

LIARS_PER_MILLE: Final = 220
"""Officials who claim visits and solutions that never were: enough that ten drawn hold some."""

SHAMELESS_PER_MILLE: Final = 480
"""Who lies about so many households is known to the unit, and rated accordingly."""

WEAK_OFFICE_PER_MILLE: Final = 25
WEAK_PER_MILLE: Final = 20
WEAK_IN_WEAK_OFFICE_PER_MILLE: Final = 300
PROBATION_PER_MILLE: Final = 12

_LINKED_SINCE: Final = (date(2012, 3, 1), date(2016, 6, 15), date(2021, 3, 1), date(2024, 9, 2))
_SINCE_WEIGHTS: Final = (40, 25, 25, 10)


@dataclass(frozen=True, slots=True)
class Official:
    """A cadre, with the character that the county's papers do not show."""

    number: CadreNumber
    name: str
    post: Post
    village: Area
    grid: GridCode
    households: int
    linked_since: date
    probation_from: date | None
    lies_per_mille: int
    """How many of the claims are untrue; 0 for an honest official."""
    is_weak: bool
    """Honest or not, the households are not content."""
    claims_per_mille: int
    """Households of which a visit this year is recorded."""

    @property
    def band(self) -> RankBand:
        """Where the rank stands."""
        return RANKS[self.post.rank]


@dataclass(frozen=True, slots=True)
class People:
    """All officials, unit by unit, the principal of each unit first; and the units."""

    offices: tuple[Office, ...]
    officials: tuple[Official, ...]

    def principals(self) -> Mapping[str, Official]:
        """Give the principal of each unit by its code."""
        found: dict[str, Official] = {}
        for official in self.officials:
            found.setdefault(official.post.office.code, official)
        return found


def populate(
    seed: int,
    land: Land,
    cadres: int,
    households: int,
    as_of: date,
    *,
    own_grids: bool = True,
) -> People:
    """Fill every post, give every official a village and a number of households.

    With `own_grids` each official has a grid of their own in the village.
    """
    dice = Dice(seed, "people")
    units = offices(dice, cadres, tuple(town.name for town in land.townships))
    weak_offices = {unit.code for unit in units if dice.happens(WEAK_OFFICE_PER_MILLE)}
    weak_offices.add(units[-1].code)
    numbers = list(range(1, cadres + 1))
    dice.shuffle(numbers)
    liars = set(dice.sample(numbers, max(1, cadres * LIARS_PER_MILLE // 1000)))
    loads = apportion(households, [dice.triangular(0.4, 2.0, 0.7) for _ in numbers], least=1)
    in_village: dict[str, int] = {}
    officials: list[Official] = []
    filled = [post for unit in units for post in posts(dice, unit)]
    for post, village, number, load in zip(
        filled, _villages(dice, land, filled), numbers, loads, strict=True
    ):
        place = in_village[village.code] = in_village.get(village.code, 0) + 1
        weak_rate = (
            WEAK_IN_WEAK_OFFICE_PER_MILLE if post.office.code in weak_offices else WEAK_PER_MILLE
        )
        lies = dice.randint(150, 500) if number in liars else 0
        officials.append(
            Official(
                number=CadreNumber(f"{number:08d}"),
                name=names.person(dice),
                post=post,
                village=village,
                grid=GridCode(f"{village.code}G{place:02d}" if own_grids else village.code),
                households=load,
                linked_since=dice.choices(_LINKED_SINCE, _SINCE_WEIGHTS)[0],
                probation_from=_probation(dice, as_of),
                lies_per_mille=lies,
                is_weak=lies >= SHAMELESS_PER_MILLE or dice.happens(weak_rate),
                claims_per_mille=dice.randint(450, 850),
            )
        )
    return People(tuple(units), tuple(officials))


def _probation(dice: Dice, as_of: date) -> date | None:
    if not dice.happens(PROBATION_PER_MILLE):
        return None
    return as_of - timedelta(days=dice.randint(30, 330))


def _villages(dice: Dice, land: Land, filled: list[Post]) -> Iterator[Area]:
    """Seat township officials in their own township while there is room, the others anywhere."""
    free = seats(dice, land, len(filled))
    at_home: list[Area | None] = []
    for post in filled:
        town = post.office.township
        at_home.append(free[town].pop() if town is not None and free[town] else None)
    rest = [village for town in free for village in town]
    dice.shuffle(rest)
    for village in at_home:
        yield rest.pop() if village is None else village
