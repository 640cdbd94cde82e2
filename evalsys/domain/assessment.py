"""A cadre's year: what enters the annual assessment 年度考核 (Y57)."""

from dataclasses import dataclass

from evalsys.ids import CadreNumber


@dataclass(frozen=True, slots=True)
class AssessmentInput:
    """The three inputs of one cadre and year, in tenths of a point of 100; None is absent.

    An absent input is excluded explicitly, never counted as zero.
    """

    cadre: CadreNumber
    year: int
    household_score_tenths: int | None
    households_linked: int
    households_answered: int
    unit_rating_tenths: int | None
    inspection_tenths: int | None
