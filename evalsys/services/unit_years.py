"""The year of units: what their cadres, their programmes and their own scores come to."""

from datetime import date

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.unit_year import CountyYear, county_year
from evalsys.services.personnel import Personnel
from evalsys.services.programmes import Programmes


class UnitYears:
    """Units as the annual assessment sees them."""

    def __init__(self, personnel: Personnel, programmes: Programmes) -> None:
        """Read what both rooms know."""
        self._personnel = personnel
        self._programmes = programmes

    def year(
        self, *, by: str, as_of: date | None = None, year: int | None = None
    ) -> tuple[Evaluation, CountyYear]:
        """Return every unit's year, with the evaluation that it rests on.

        Raises:
            InvalidInput: the day lies ahead, or the year has not begun on it.
        """
        evaluation = self._personnel.evaluate(by=by, as_of=as_of, year=year)
        heard = (
            (one.programme.unit, one.result)
            for one in self._programmes.results(evaluation.year)
            if one.programme is not None and one.result.held_on <= evaluation.as_of
        )
        return evaluation, county_year(evaluation, heard)

    def note_export(self, *, by: str, evaluation: Evaluation, rows: int) -> None:
        """Record that somebody took the list away."""
        self._personnel.note_export("unit-years", by=by, evaluation=evaluation, rows=rows)
