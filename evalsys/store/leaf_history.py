"""What few households said of cadres on each day of a year on which that changed.

Sums by unit and township hold these scores. Whoever keeps the sums of two days can subtract
them, so a sum is shown in view of those of the days before (`domain/suppression.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from evalsys.domain.assessment import AssessmentInput, Component, Standard
from evalsys.domain.component_scores import ComponentScore, Subject, latest
from evalsys.domain.local_date import local_date
from evalsys.domain.scoring import Band
from evalsys.domain.suppression import Leaf
from evalsys.domain.unit_year import household_leaf
from evalsys.ids import CadreNumber
from evalsys.store.component_scores import scores_of
from evalsys.store.grid_history import past
from evalsys.store.roster import township_of_grids
from evalsys.store.schema.personnel import AssessmentInputRow, PastInputRow
from evalsys.store.schema.roster import Cadre, Grid, PastPost

_GIVEN = tuple(field.name for field in fields(AssessmentInput))
_Span = tuple[date, date, AssessmentInput]
"""From which day to which an input was on record, the last one not included."""
_Place = tuple[str, str]
"""Unit and township."""


def small_leaves(
    db: Session, year: int, day: date, standard: Standard, zone: tzinfo
) -> tuple[tuple[Leaf, ...], ...]:
    """Give the leaves with too few answers day by day, each change up to `day`, oldest first."""
    inputs = _inputs(db, year)
    scores = _scores(db, year)
    few = standard.hide_below
    wanted = {cadre for cadre, spans in inputs.items() if any(_few(span, few) for span in spans)}
    wanted |= {CadreNumber(one.code) for one in scores if 0 < (one.counts.answered or 0) < few}
    if not wanted:
        return ()
    mine = [one for one in scores if one.code in wanted]
    stood = _Stood(db, wanted, day)
    days = {day, *stood.days}
    days |= {at for cadre in wanted for span in inputs.get(cadre, ()) for at in span[:2]}
    days |= {at for one in mine for at in (local_date(one.entered_at, zone), one.held_on)}
    found = []
    for each in sorted(at for at in days if date.min < at <= day):
        known = [
            one for one in mine if one.held_on <= each and local_date(one.entered_at, zone) <= each
        ]
        found.append(tuple(_of_day(each, inputs, known, stood, year, standard)))
    return tuple(found)


def _of_day(
    day: date,
    inputs: Mapping[CadreNumber, Sequence[_Span]],
    scores: Iterable[ComponentScore],
    stood: "_Stood",
    year: int,
    standard: Standard,
) -> Iterator[Leaf]:
    held: dict[str, list[ComponentScore]] = {}
    for one in latest(scores).values():
        held.setdefault(one.code, []).append(one)
    for cadre, place in stood.on(day):
        given = next(
            (what for first, last, what in inputs.get(cadre, ()) if first <= day < last), None
        )
        leaf = household_leaf(cadre, place, given, held.get(cadre, ()), year, standard)
        if leaf is not None and 0 < leaf.n < standard.hide_below:
            yield leaf


class _Stood:
    """Where some cadres stood, day by day: in the words of `day` for townships."""

    def __init__(self, db: Session, wanted: Iterable[CadreNumber], day: date) -> None:
        self._db = db
        former = past(db, day).former
        names = dict(db.execute(select(Grid.code, Grid.name)).all())
        names |= {code: was.name for code, was in former.items()}
        self._townships = {
            grid: names[above] for grid, above in township_of_grids(db, former).items()
        }
        rows = select(Cadre.number, Cadre.unit, Cadre.grid, Cadre.left_on)
        self._now = {row[0]: row[1:] for row in db.execute(rows) if row[0] in set(wanted)}
        posts = select(PastPost.cadre, PastPost.until, PastPost.unit).order_by(
            PastPost.until, PastPost.id
        )
        self._was = [row for row in db.execute(posts) if row[0] in self._now]
        self.days = {until for _, until, _ in self._was}
        self.days |= {left for _, _, left in self._now.values() if left is not None}

    def on(self, day: date) -> Iterator[tuple[CadreNumber, _Place]]:
        """Give each who served on a day with the place then."""
        units: dict[str, str] = {}
        for cadre, until, unit in self._was:
            if until > day:
                units.setdefault(cadre, unit)
        grids = past(self._db, day).cadres
        for number, (unit, grid, left_on) in self._now.items():
            if left_on is None or left_on > day:
                place = units.get(number, unit), self._townships[grids.get(number, grid)]
                yield CadreNumber(number), place


def _few(span: _Span, hide_below: int) -> bool:
    return 0 < span[2].households_answered < hide_below


def _inputs(db: Session, year: int) -> dict[CadreNumber, list[_Span]]:
    found: dict[CadreNumber, list[_Span]] = {}
    for table, last in ((PastInputRow, PastInputRow.replaced_on), (AssessmentInputRow, None)):
        columns = [getattr(table, name) for name in (*_GIVEN, "entered_on")]
        rows = db.execute(
            select(*columns, *([] if last is None else [last])).where(table.year == year)
        )
        for row in rows:
            cadre, *rest, band, entered_on = row[: len(columns)]
            until = date.max if last is None else row[-1]
            given = AssessmentInput(CadreNumber(cadre), *rest)
            if band:
                given = replace(given, household_band=Band(band))
            found.setdefault(given.cadre, []).append((entered_on or date.min, until, given))
    return found


def _scores(db: Session, year: int) -> list[ComponentScore]:
    return [
        one
        for one in scores_of(db, years=[year])
        if one.subject is Subject.CADRE and one.component is Component.HOUSEHOLD
    ]
