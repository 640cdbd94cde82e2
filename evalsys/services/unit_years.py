"""The year of units: what their cadres, their programmes and their own scores come to."""

from datetime import date

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.unit_year import CountyYear, county_year
from evalsys.services.personnel import Personnel
from evalsys.services.programmes import Programmes
from evalsys.store.database import Database
from evalsys.store.leaf_history import small_leaves


class UnitYears:
    """Units as the annual assessment sees them."""

    def __init__(self, database: Database, personnel: Personnel, programmes: Programmes) -> None:
        """Read what both rooms know, and from `database` what few households said before."""
        self._database = database
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
        year, day = evaluation.year, evaluation.as_of
        standard = evaluation.book.on(min(day, date(year, 12, 31))).standard
        with self._database.read() as db:
            before = small_leaves(db, year, day, standard, self._personnel.zone)
        return evaluation, county_year(evaluation, heard, before)

    def note_export(self, *, by: str, evaluation: Evaluation, rows: int) -> None:
        """Record that somebody took the list away."""
        self._personnel.note_export("unit-years", by=by, evaluation=evaluation, rows=rows)
