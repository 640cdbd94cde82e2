"""Keeping what the annual assessment is made of, and reading it for a whole county."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.personnel import (
    Appraisal,
    Cadre,
    InvestigationOutcome,
    InvestigationReport,
    is_on_probation,
)
from evalsys.domain.roster_ranks import StaffType
from evalsys.domain.scoring import Band
from evalsys.errors import RuleViolation
from evalsys.ids import CadreNumber, LiveId
from evalsys.store.bulk import bulk_insert
from evalsys.store.component_scores import latest_score_year
from evalsys.store.cycles import closed
from evalsys.store.grid_history import past
from evalsys.store.posts import Posts, posts_on
from evalsys.store.roster import township_of_grids
from evalsys.store.schema import roster as tables
from evalsys.store.schema.personnel import (
    AppraisalRow,
    AssessmentInputRow,
    InvestigationReportRow,
    PastInputRow,
)

_COLUMNS = tuple(field.name for field in fields(AssessmentInput))
_STAFF_TYPES: dict[str, StaffType | None] = {"": None} | {word.value: word for word in StaffType}


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the rows that were handed in."""

    new: int
    changed: int
    unchanged: int


def save_inputs(db: Session, rows: Iterable[AssessmentInput], *, on: date) -> Saved:
    """Keep assessment inputs, one a cadre and year; what they replace stays as known before `on`.

    Cadres must be in the roster. Handing in the same rows twice changes nothing.

    Raises:
        RuleViolation: a row that is new or different belongs to a closed year.
    """
    given = {(row.cadre, row.year): row for row in rows}
    years = {year for _, year in given}
    kept = {(row.cadre, row.year): row for row in inputs_of(db, years)}
    new = [row for key, row in given.items() if key not in kept]
    changed = [row for key, row in given.items() if key in kept and kept[key] != row]
    _refuse_closed(db, [*new, *changed])
    db.flush()
    since = on.isoformat()
    columns = (*_COLUMNS, "entered_on")
    bulk_insert(
        db.connection(), "assessment_inputs", columns, ((*astuple(row), since) for row in new)
    )
    if changed:
        _put_by(db, changed, on)
        db.execute(
            update(AssessmentInputRow),
            [dict(zip(columns, (*astuple(row), on), strict=True)) for row in changed],
        )
    return Saved(len(new), len(changed), len(given) - len(new) - len(changed))


def _put_by(db: Session, changed: Sequence[AssessmentInput], on: date) -> None:
    """Keep what stood of these cadres and years, as known until `on`."""
    table = AssessmentInputRow
    replaced = {(row.cadre, row.year) for row in changed}
    standing = db.execute(
        select(*(getattr(table, column) for column in (*_COLUMNS, "entered_on"))).where(
            table.year.in_({year for _, year in replaced})
        )
    )
    rows = [
        {**dict(row), "replaced_on": on}
        for row in standing.mappings()
        if (row["cadre"], row["year"]) in replaced
    ]
    db.execute(insert(PastInputRow), rows)


def _refuse_closed(db: Session, rows: Sequence[AssessmentInput]) -> None:
    shut = closed(db)
    late = [row for row in rows if str(row.year) in shut]
    if late:
        raise RuleViolation(
            f"{late[0].year} 年度考核已经关闭，不再接收新的成绩（{len(late)} 名干部）。",
            remedy="有误的成绩请在干部的页面提出更正，由第二个人批准。",
            place=f"{late[0].cadre} {late[0].year}",
        )


def inputs_of(
    db: Session, years: Iterable[int], known_on: date | None = None
) -> tuple[AssessmentInput, ...]:
    """Read the inputs of these years, sorted by cadre and year; as known by the end of a day."""
    wanted = set(years)
    if known_on is None:
        table = AssessmentInputRow
        return _read(db, select(*_of(table)).where(table.year.in_(wanted)))
    past, table = PastInputRow, AssessmentInputRow
    earlier = _read(
        db,
        select(*_of(past)).where(
            past.year.in_(wanted),
            past.entered_on.is_(None) | (past.entered_on <= known_on),
            past.replaced_on > known_on,
        ),
    )
    standing = _read(
        db,
        select(*_of(table)).where(
            table.year.in_(wanted), table.entered_on.is_(None) | (table.entered_on <= known_on)
        ),
    )
    found = {(row.cadre, row.year): row for row in (*earlier, *standing)}
    return tuple(found[key] for key in sorted(found)) if earlier else standing


def _of(table: type[AssessmentInputRow | PastInputRow]) -> tuple[Any, ...]:
    return tuple(getattr(table, column) for column in _COLUMNS)


def _read(db: Session, wanted: Select[Any]) -> tuple[AssessmentInput, ...]:
    rows = db.execute(wanted.order_by(*wanted.selected_columns[:2]))
    return tuple(
        _alike(AssessmentInput(CadreNumber(cadre), *rest), band) for cadre, *rest, band in rows
    )


def _alike(given: AssessmentInput, band: str | None) -> AssessmentInput:
    return replace(given, household_band=Band(band)) if band else given


def latest_year(db: Session) -> int | None:
    """Return the last year for which anything was handed in."""
    entered = db.scalar(
        select(AssessmentInputRow.year).order_by(AssessmentInputRow.year.desc()).limit(1)
    )
    return max(filter(None, (entered, latest_score_year(db))), default=None)


def serving_cadres(db: Session, day: date) -> tuple[Cadre, ...]:
    """Read all cadres who serve on `day`, sorted by number, with the posts that they have then.

    The township is that of the grid on which they stood, as it lay and was called on that day.
    """
    then = past(db, day)
    names = dict(db.execute(select(tables.Grid.code, tables.Grid.name)).all())
    names |= {code: was.name for code, was in then.former.items()}
    units = dict(db.execute(select(tables.Unit.code, tables.Unit.name)).all())
    townships = {
        grid: names[township] for grid, township in township_of_grids(db, then.former).items()
    }
    held = posts_on(db, day)
    cadre = tables.Cadre
    rows = db.execute(
        select(cadre.number, cadre.name, cadre.grid)
        .where(cadre.left_on.is_(None) | (cadre.left_on > day))
        .order_by(cadre.number)
    )
    return tuple(
        _serving(
            CadreNumber(number),
            name,
            townships[then.cadres.get(number, grid)],
            held,
            units,
            day,
        )
        for number, name, grid in rows
    )


def _serving(
    number: CadreNumber,
    name: str,
    township: str,
    held: Posts,
    units: Mapping[str, str],
    day: date,
) -> Cadre:
    post = held.cadres[number]
    principal = held.principals.get(post.unit)
    return Cadre(
        number=number,
        name=name,
        unit=post.unit,
        unit_name=units[post.unit],
        township=township,
        post=post.post,
        rank=post.rank,
        staff_type=_STAFF_TYPES[post.staff_type],
        on_probation=is_on_probation(
            day, post.probation_from, post.probation_until, flagged=post.on_probation
        ),
        is_principal=None if principal is None else principal == number,
    )


def people_and_units(db: Session) -> tuple[dict[str, str], dict[str, str]]:
    """Read the name of every cadre, those who left too, and of every unit, by number and code."""
    cadre, unit = tables.Cadre, tables.Unit
    return (
        dict(db.execute(select(cadre.number, cadre.name)).all()),
        dict(db.execute(select(unit.code, unit.name)).all()),
    )


def is_serving(db: Session, number: CadreNumber, day: date) -> bool:
    """Say whether a cadre of this number serves on `day`."""
    cadre = tables.Cadre
    serving = select(cadre.number).where(
        cadre.number == number, cadre.left_on.is_(None) | (cadre.left_on > day)
    )
    return db.scalar(serving) is not None


def appraisals(db: Session, known_before: datetime | None = None) -> tuple[Appraisal, ...]:
    """Read every pre-appointment appraisal as recorded, before a moment where one is named."""
    recorded = select(AppraisalRow).order_by(AppraisalRow.id)
    if known_before is not None:
        recorded = recorded.where(AppraisalRow.recorded_at < known_before)
    return tuple(
        Appraisal(
            CadreNumber(row.cadre),
            row.held_on,
            row.linked,
            row.answered,
            row.satisfied,
            row.document,
            row.recorded_by,
            row.recorded_at,
        )
        for row in db.scalars(recorded)
    )


def add_appraisal(db: Session, appraisal: Appraisal) -> None:
    """Record a pre-appointment appraisal for good."""
    db.execute(insert(AppraisalRow), [_columns_of(appraisal)])


def reports(db: Session, known_before: datetime) -> tuple[InvestigationReport, ...]:
    """Read every report on an investigation that was recorded before a moment."""
    row = InvestigationReportRow
    recorded = select(row).where(row.recorded_at < known_before).order_by(row.id)
    return tuple(
        InvestigationReport(
            CadreNumber(row.cadre),
            LiveId(row.live),
            row.j,
            InvestigationOutcome(row.outcome),
            row.concluded_on,
            row.basis,
            row.sanction,
            row.recorded_by,
            row.recorded_at,
        )
        for row in db.scalars(recorded)
    )


def add_report(db: Session, report: InvestigationReport) -> None:
    """Record how an investigation stands, for good; the last record of a round holds."""
    db.execute(insert(InvestigationReportRow), [_columns_of(report)])


def _columns_of(value: Appraisal | InvestigationReport) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
