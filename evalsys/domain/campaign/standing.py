"""How a campaign came out for one cadre, unit or township, as it may be shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalsys.domain.campaign.outcome import CODE_UNCALLED, count_outcomes
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.response_rates import Group
from evalsys.domain.scoring import Band, Release

_NOT_CALLED = frozenset({"3.11", "3.16", "4.80", CODE_UNCALLED[Stop.PROTECTED]})
"""Never dialled, only failures of the carrier, quota filled first, protected by the roster."""
_SPOKE_LATER = "2.21"
"""Somebody answered and asked for another hour."""
_REACHED = (Group.INTERVIEW, Group.PARTIAL, Group.REFUSAL, Group.UNKNOWN_OTHER)


@dataclass(frozen=True, slots=True)
class Standing:
    """The figures of one place: households, and the score that is published."""

    code: str
    name: str
    households: int
    called: int
    reached: int
    """With whom somebody spoke."""
    answered: int
    scored: int
    """Households behind the published score."""
    cadres: int
    """Cadres whose score is published."""
    tenths: int | None
    """Of a point from 1 to 5; absent when nothing is published, or only the band is."""
    band: Band


def standing(
    code: str, name: str, codes: Sequence[tuple[str, int]], told: Iterable[Release]
) -> Standing:
    """Put together how cases ended, and what was published about the cadres of a place.

    The score of several cadres is the mean of their published ones, weighted by households; it
    tells nothing that those do not. A band counts with its class mark 组中值.
    """
    counts = count_outcomes(codes).by_group
    later = sum(n for each, n in codes if each == _SPOKE_LATER)
    shown = [each for each in told if each.band is not Band.TOO_FEW]
    tenths, band = _score(shown)
    return Standing(
        code=code,
        name=name,
        households=sum(n for _, n in codes),
        called=sum(n for each, n in codes if each not in _NOT_CALLED),
        reached=sum(counts[group] for group in _REACHED) + later,
        answered=counts[Group.INTERVIEW] + counts[Group.PARTIAL],
        scored=sum(each.n for each in shown),
        cadres=len(shown),
        tenths=tenths,
        band=band,
    )


def _score(shown: Sequence[Release]) -> tuple[int | None, Band]:
    if not shown:
        return None, Band.TOO_FEW
    if len(shown) == 1:
        return shown[0].mean_tenths, shown[0].band
    households = sum(each.n for each in shown)
    points = sum(each.n * (each.assessed_tenths or 0) for each in shown)
    return (2 * points + households) // (2 * households), Band.MEAN
