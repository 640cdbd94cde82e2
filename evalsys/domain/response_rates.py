"""Response rates by the AAPOR Standard Definitions: exact fractions of counted dispositions.

Counts come in eight groups (`Group`). A rate is computed whenever it is shown and never kept:
with its numerator and denominator anybody can do the sum again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Group(StrEnum):
    """What a final disposition counts as; each code of `outcome_codes` is in one group."""

    INTERVIEW = "I"
    PARTIAL = "P"
    REFUSAL = "R"
    """Refusal and break-off."""
    NON_CONTACT = "NC"
    OTHER = "O"
    """Eligible, no interview for another reason."""
    UNKNOWN_HOUSEHOLD = "UH"
    UNKNOWN_OTHER = "UO"
    NOT_ELIGIBLE = "NE"
    """In no denominator; only used to estimate e."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cases ended in each group; `e` is the share of the unknown that is eligible."""

    by_group: Mapping[Group, int]
    e: Fraction | None = None
    """From 0 to 1; absent means that it is estimated from what is known."""

    def __getitem__(self, group: Group) -> int:
        """Return a group's count; what is not counted is zero."""
        return self.by_group.get(group, 0)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate as it was counted: not reduced, so that the numbers are those of the table."""

    numerator: int
    denominator: int

    @property
    def value(self) -> Fraction:
        """The rate as a number."""
        return Fraction(self.numerator, self.denominator)

    @property
    def rounded(self) -> float:
        """The rate to four places, half to even."""
        return float(round(self.value, 4))

    @property
    def fraction(self) -> str:
        """The rate as it is written: "300/440"."""
        return f"{self.numerator}/{self.denominator}"


@dataclass(frozen=True, slots=True)
class _Sums:
    i: int
    ip: int
    r: int
    o: int
    nc: int
    unknown: int
    estimated: Fraction | None
    """e times the unknown; absent when e cannot be estimated."""

    @property
    def known(self) -> int:
        return self.ip + self.r + self.nc + self.o

    @property
    def reached(self) -> int:
        return self.ip + self.r + self.o

    @property
    def all(self) -> int:
        return self.known + self.unknown

    @property
    def likely(self) -> Fraction | None:
        return None if self.estimated is None else self.known + self.estimated


_Part = Callable[[_Sums], int]
_Whole = Callable[[_Sums], int | Fraction | None]

_FORMULAS: Mapping[str, tuple[_Part, _Whole]] = {
    "RR1": (lambda s: s.i, lambda s: s.all),
    "RR2": (lambda s: s.ip, lambda s: s.all),
    "RR3": (lambda s: s.i, lambda s: s.likely),
    "RR4": (lambda s: s.ip, lambda s: s.likely),
    "RR5": (lambda s: s.i, lambda s: s.known),
    "RR6": (lambda s: s.ip, lambda s: s.known),
    "COOP1": (lambda s: s.i, lambda s: s.reached),
    "COOP2": (lambda s: s.ip, lambda s: s.reached),
    "COOP3": (lambda s: s.i, lambda s: s.ip + s.r),
    "COOP4": (lambda s: s.ip, lambda s: s.ip + s.r),
    "REF1": (lambda s: s.r, lambda s: s.all),
    "REF2": (lambda s: s.r, lambda s: s.likely),
    "REF3": (lambda s: s.r, lambda s: s.known),
    "CON1": (lambda s: s.reached, lambda s: s.all),
    "CON2": (lambda s: s.reached, lambda s: s.likely),
    "CON3": (lambda s: s.reached, lambda s: s.known),
}
RATES = tuple(_FORMULAS)
"""The names of all rates, in the order in which they are shown."""


def eligible_share(counts: Counts) -> Fraction | None:
    """Return e: as given, or the eligible share of the cases whose eligibility is known.

    Nothing when no case is known: then what hangs on e cannot be said.
    """
    if counts.e is not None:
        return counts.e
    eligible = sum(counts[group] for group in _ELIGIBLE)
    known = eligible + counts[Group.NOT_ELIGIBLE]
    return Fraction(eligible, known) if known else None


_ELIGIBLE = (Group.INTERVIEW, Group.PARTIAL, Group.REFUSAL, Group.NON_CONTACT, Group.OTHER)


def response_rates(counts: Counts) -> dict[str, Rate | None]:
    """Compute every rate; nothing where the denominator is zero, which is not a rate of zero."""
    e = eligible_share(counts)
    unknown = counts[Group.UNKNOWN_HOUSEHOLD] + counts[Group.UNKNOWN_OTHER]
    sums = _Sums(
        i=counts[Group.INTERVIEW],
        ip=counts[Group.INTERVIEW] + counts[Group.PARTIAL],
        r=counts[Group.REFUSAL],
        o=counts[Group.OTHER],
        nc=counts[Group.NON_CONTACT],
        unknown=unknown,
        estimated=Fraction(0) if not unknown else None if e is None else e * unknown,
    )
    return {name: _rate(part(sums), whole(sums)) for name, (part, whole) in _FORMULAS.items()}


def _rate(part: int, whole: int | Fraction | None) -> Rate | None:
    if not whole:
        return None
    # A broken denominator, such as 10.8, is brought to whole numbers: 4/10.8 is 20/54.
    exact = Fraction(whole)
    return Rate(part * exact.denominator, exact.numerator)
