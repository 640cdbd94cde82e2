"""How complete the roster is, grid by grid 信息采集精确 (J01): four shares and their mean.

Counted is what the system needs to reach a household and know who answers for it. Coordinates and
registers of persons are not kept, so nobody is measured by them. A form that its household had
erased is no gap: whoever used a right is not counted against a grid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from evalsys.domain.casework.route import GridTree


class Quality(NamedTuple):
    """Counts of households; adds up by `summed`."""

    households: int = 0
    linked: int = 0
    """With exactly one serving cadre (Y05)."""
    dialable: int = 0
    """With at least one well-formed number."""
    sized: int = 0
    """Whose number of members is known."""
    forms_due: int = 0
    """Households less those that had their form erased."""
    forms: int = 0
    """With a household form that says anything."""

    @property
    def shares(self) -> tuple[Fraction | None, ...]:
        """Linked, dialable, sized, forms; None where there is nothing to divide by."""
        of = self.households
        parts = ((self.linked, of), (self.dialable, of), (self.sized, of))
        return tuple(
            Fraction(part, whole) if whole else None
            for part, whole in (*parts, (self.forms, self.forms_due))
        )

    @property
    def score(self) -> Fraction | None:
        """The mean of the shares that there are."""
        known = [share for share in self.shares if share is not None]
        return sum(known, Fraction()) / len(known) if known else None


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One grid with everything below it."""

    code: str
    name: str
    quality: Quality
    is_open: bool = False
    """Whether there is a page below: grids, or the households that lack something."""


@dataclass(frozen=True, slots=True)
class Lacking:
    """A household that lacks something, by its code alone."""

    household: str
    linked: bool
    dialable: bool
    sized: bool
    form: bool


def summed(found: list[Quality]) -> Quality:
    """Add up, column by column."""
    return Quality(*map(sum, zip(Quality(), *found, strict=True)))


def quality_lines(tree: GridTree, code: str, own: Mapping[str, Quality]) -> tuple[QualityLine, ...]:
    """Roll grids up to those right below `code`; what hangs on `code` itself is the last line."""
    tops = tree.tops(code)
    found: dict[str, list[Quality]] = {}
    for grid, quality in own.items():
        if grid in tops:
            found.setdefault(tops[grid], []).append(quality)
    lines = [
        QualityLine(each, tree.cells[each].name, summed(found[each]), is_open=True)
        for each in sorted(found.keys() - {code})
    ]
    if code in found:
        lines.append(QualityLine(code, tree.own_name(code), summed(found[code])))
    return tuple(lines)
