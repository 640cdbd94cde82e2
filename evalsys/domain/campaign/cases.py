"""The cases of a campaign as people look at them: rates by place, and whom to visit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evalsys.domain.campaign.outcome import count_outcomes
from evalsys.domain.response_rates import Counts, Rate, response_rates
from evalsys.ids import HouseholdCode

SHOWN_RATES = ("RR2", "RR6", "COOP2", "REF1", "CON1")
"""The rates that screens show; files hold every one."""


@dataclass(frozen=True, slots=True)
class Rated:
    """How the cases of one cadre, unit, township or campaign stand, counted now."""

    code: str
    name: str
    counts: Counts
    rates: Mapping[str, Rate | None]

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(self.counts.by_group.values())


@dataclass(frozen=True, slots=True)
class VisitRow:
    """A household that somebody has to go to or speak with, and why."""

    household: HouseholdCode
    head: str
    township: str
    about: str
    reason: str
    """A `Stop`, or "person": it refused once, and a person asks again."""
    attempts: int


def rated(code: str, name: str, codes: Iterable[tuple[str, int]]) -> Rated:
    """Compute the rates of cases from how many have each code."""
    counts = count_outcomes(codes)
    return Rated(code, name, counts, response_rates(counts))
