"""Dividing the pot 抽签池 into strata: one for all, or one a township."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.roster import CadreToFreeze
from evalsys.errors import InvalidInput
from evalsys.ids import Stratum

MAX_STRATA = 99


class StrataKind(StrEnum):
    """By what the pot is divided."""

    UNIFORM = "uniform"
    """Everybody in one pot, stratum A01."""
    TOWNSHIP = "township"
    """T01, T02, ... by the code of the township 乡镇大网格."""


@dataclass(frozen=True, slots=True)
class Division:
    """How one kind divides: the letter of its strata, and what a cadre is sorted by."""

    letter: str
    key: Callable[[CadreToFreeze], str]


DIVISIONS: Mapping[StrataKind, Division] = {
    StrataKind.UNIFORM: Division("A", lambda _: ""),
    StrataKind.TOWNSHIP: Division("T", lambda cadre: cadre.township),
}


def division_of(kind: str) -> Division:
    """Find a division by the word for its kind. Raises InvalidInput for any other word."""
    if kind not in set(StrataKind):
        raise InvalidInput(
            f"没有“{kind}”这种分层方式", remedy=f"可选：{'、'.join(StrataKind)}。", place="strata"
        )
    return DIVISIONS[StrataKind(kind)]


def number_strata(division: Division, keys: Iterable[str]) -> dict[str, Stratum]:
    """Number the keys that occur, in their own order: the first is stratum 01.

    Raises InvalidInput when there are more than MAX_STRATA.
    """
    ordered = sorted(set(keys))
    if len(ordered) > MAX_STRATA:
        raise InvalidInput(
            f"分出了 {len(ordered)} 层，最多 {MAX_STRATA} 层", remedy="请选用较粗的分层方式。"
        )
    return {key: Stratum(f"{division.letter}{i:02d}") for i, key in enumerate(ordered, start=1)}
