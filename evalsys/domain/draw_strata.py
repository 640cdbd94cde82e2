"""Dividing the pot 抽签池 into strata, and how many tickets a cadre holds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evalsys.domain.roster import CadreToFreeze
from evalsys.domain.roster_ranks import RANKS
from evalsys.errors import InvalidInput
from evalsys.ids import Stratum

PER_LETTER = 99
MAX_WEIGHT = 8
GRID_CLASSES: Mapping[str, str] = {
    "A": "A类（重点网格）",
    "B": "B类（次重网格）",
    "C": "C类（常态网格）",
    "": "未分类网格",
}
"""Classes of grids by conflicts and workload, in the order of their strata (L02)."""
_NO_RANK = "未填职级"


class StrataKind(StrEnum):
    """By what the pot is divided."""

    UNIFORM = "uniform"
    """Everybody in one pot, stratum A01."""
    TOWNSHIP = "township"
    """T01, T02, ... by the code of the township 乡镇大网格."""
    UNIT = "unit"
    """U01, U02, ... by the code of the unit 单位, going on as V01 and W01 after 99."""
    GRID_CLASS = "grid_class"
    """G01, G02, G03 for the classes A, B, C of the cadre's grid, G04 for none."""
    RANK = "rank"
    """R01, R02, ... by rank 职级, from the lowest that occurs."""
    PROGRAMME = "programme"
    """P01, P02, ... one a programme 项目, going on as Q01 after 99; of programmes alone."""


class WeighBy(StrEnum):
    """By what the number of a cadre's tickets differs."""

    NOTHING = ""
    GRID_CLASS = "grid_class"
    RANK = "rank"


@dataclass(frozen=True, slots=True)
class Division:
    """How one kind divides the pot."""

    letters: str
    """First letters of its strata; each has room for 99."""
    key: Callable[[CadreToFreeze], str]
    """What a cadre is sorted by."""
    name: Callable[[str], str] = str
    """The stratum's name for a key, as far as the key tells it; codes are named by the roster."""
    order: tuple[str, ...] = ()
    """Every key there can be, when their order is not that of their letters."""
    fixed: bool = False
    """Whether a key's number is its place in `order`, whoever occurs."""


DIVISIONS: Mapping[StrataKind, Division] = {
    StrataKind.UNIFORM: Division("A", lambda _: "", name=lambda _: "全县一池"),
    StrataKind.TOWNSHIP: Division("T", lambda cadre: cadre.township),
    StrataKind.UNIT: Division("UVW", lambda cadre: cadre.unit),
    StrataKind.GRID_CLASS: Division(
        "G",
        lambda cadre: known_class(cadre.grid_class),
        name=GRID_CLASSES.__getitem__,
        order=tuple(GRID_CLASSES),
        fixed=True,
    ),
    StrataKind.PROGRAMME: Division("PQ", lambda programme: programme.number),
    StrataKind.RANK: Division(
        "R", lambda cadre: cadre.rank, name=lambda rank: rank or _NO_RANK, order=("", *RANKS)
    ),
}


@dataclass(frozen=True, slots=True)
class Weighing:
    """The weights that were planned; who is not named in them holds one ticket."""

    by: WeighBy = WeighBy.NOTHING
    weights: Mapping[str, int] = field(default_factory=dict)

    def of(self, cadre: CadreToFreeze) -> int:
        """Give the number of tickets, 1 to 8, that this cadre holds."""
        match self.by:
            case WeighBy.GRID_CLASS:
                return self.weights.get(known_class(cadre.grid_class), 1)
            case WeighBy.RANK:
                return self.weights.get(cadre.rank, 1)
            case WeighBy.NOTHING:
                return 1


UNWEIGHTED = Weighing()


def weighing_of(by: str, weights: Iterable[tuple[str, int]]) -> Weighing:
    """Check planned weights.

    Raises:
        InvalidInput: names a weight that is not 1 to 8, and a class or rank that there is not.
    """
    if by not in set(WeighBy):
        raise InvalidInput(
            f"不能按“{by}”加权", remedy="可选：按网格类别 grid_class、按职级 rank。", place="权重"
        )
    kind = WeighBy(by)
    known: Iterable[str] = {
        WeighBy.NOTHING: (),
        WeighBy.GRID_CLASS: GRID_CLASSES,
        WeighBy.RANK: RANKS,
    }[kind]
    given: dict[str, int] = {}
    for key, weight in weights:
        if key not in known or key in given:
            raise InvalidInput(
                f"没有“{key}”这一类，或者写了两次", remedy="请按表中的类别填写。", place="权重"
            )
        if not 1 <= weight <= MAX_WEIGHT:
            raise InvalidInput(
                f"权重 {weight} 超出范围", remedy=f"请填 1 至 {MAX_WEIGHT} 的整数。", place="权重"
            )
        given[key] = weight
    return Weighing(kind, given)


def known_class(written: str) -> str:
    """Read the class of a grid as rosters write it ("A", "a类"); empty for any other word."""
    letter = written.strip()[:1].upper()
    return letter if letter in GRID_CLASSES else ""


def division_of(kind: str) -> Division:
    """Find a division by the word for its kind. Raises InvalidInput for any other word."""
    if kind not in set(StrataKind):
        raise InvalidInput(
            f"没有“{kind}”这种分层方式", remedy=f"可选：{'、'.join(StrataKind)}。", place="strata"
        )
    return DIVISIONS[StrataKind(kind)]


def number_strata(division: Division, keys: Iterable[str]) -> dict[str, Stratum]:
    """Number the keys that occur, in the division's order: the first is stratum 01.

    Raises InvalidInput when there are more than its letters have room for.
    """
    place = {key: i for i, key in enumerate(division.order)}
    ordered = sorted(set(keys), key=lambda key: (place.get(key, len(place)), key))
    most = PER_LETTER * len(division.letters)
    if len(ordered) > most:
        raise InvalidInput(
            f"分出了 {len(ordered)} 层，最多 {most} 层", remedy="请选用较粗的分层方式。"
        )
    numbers = place if division.fixed else {key: i for i, key in enumerate(ordered)}
    return {key: _stratum(division, numbers[key]) for key in ordered}


def _stratum(division: Division, i: int) -> Stratum:
    letter, number = divmod(i, PER_LETTER)
    return Stratum(f"{division.letters[letter]}{number + 1:02d}")
