"""Keeping what the annual assessment is made of, and reading it for a whole county."""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date

from sqlalchemy import insert, select, update
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
from evalsys.ids import CadreNumber, LiveId, UnitCode
from evalsys.store.bulk import bulk_insert
from evalsys.store.component_scores import latest_score_year
from evalsys.store.cycles import closed
from evalsys.store.roster import township_of_grids
from evalsys.store.schema import roster as tables
from evalsys.store.schema.personnel import AppraisalRow, AssessmentInputRow, InvestigationReportRow

_COLUMNS = tuple(field.name for field in fields(AssessmentInput))
_STAFF_TYPES: dict[str, StaffType | None] = {"": None} | {word.value: word for word in StaffType}


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of the rows that were handed in."""

    new: int
    changed: int
    unchanged: int


def save_inputs(db: Session, rows: Iterable[AssessmentInput]) -> Saved:
    """Keep assessment inputs, one a cadre and year; what is kept already is replaced.

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
    bulk_insert(db.connection(), "assessment_inputs", _COLUMNS, map(astuple, new))
    if changed:
        db.execute(
            update(AssessmentInputRow),
            [dict(zip(_COLUMNS, astuple(row), strict=True)) for row in changed],
        )
    return Saved(len(new), len(changed), len(given) - len(new) - len(changed))


def _refuse_closed(db: Session, rows: Sequence[AssessmentInput]) -> None:
    shut = closed(db)
    late = [row for row in rows if str(row.year) in shut]
    if late:
        raise RuleViolation(
            f"{late[0].year} 年度考核已经关闭，不再接收新的成绩（{len(late)} 名干部）。",
            remedy="有误的成绩请在干部的页面提出更正，由第二个人批准。",
            place=f"{late[0].cadre} {late[0].year}",
        )


def inputs_of(db: Session, years: Iterable[int]) -> tuple[AssessmentInput, ...]:
    """Read the inputs of these years, sorted by cadre and year."""
    table = AssessmentInputRow
    rows = db.execute(
        select(*(getattr(table, column) for column in _COLUMNS))
        .where(table.year.in_(set(years)))
        .order_by(table.cadre, table.year)
    )
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
    """Read all cadres who serve on `day`, sorted by number, with unit and township."""
    names = dict(db.execute(select(tables.Grid.code, tables.Grid.name)).all())
    townships = {grid: names[township] for grid, township in township_of_grids(db).items()}
    cadre, unit, principal = tables.Cadre, tables.Unit, tables.UnitPrincipal
    rows = db.execute(
        select(
            cadre.number,
            cadre.name,
            cadre.unit,
            unit.name,
            cadre.grid,
            cadre.post,
            cadre.rank,
            cadre.staff_type,
            cadre.on_probation,
            cadre.probation_from,
            cadre.probation_until,
            principal.cadre,
        )
        .join(unit, unit.code == cadre.unit)
        .outerjoin(principal, principal.unit == cadre.unit)
        .where(cadre.left_on.is_(None) | (cadre.left_on > day))
        .order_by(cadre.number)
    )
    return tuple(
        Cadre(
            number=CadreNumber(number),
            name=name,
            unit=UnitCode(unit_code),
            unit_name=unit_name,
            township=townships[grid],
            post=post,
            rank=rank,
            staff_type=_STAFF_TYPES[staff_type],
            on_probation=is_on_probation(day, since, until, flagged=on_probation),
            is_principal=None if head is None else head == number,
        )
        for (
            number,
            name,
            unit_code,
            unit_name,
            grid,
            post,
            rank,
            staff_type,
            on_probation,
            since,
            until,
            head,
        ) in rows
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


def appraisals(db: Session) -> tuple[Appraisal, ...]:
    """Read every pre-appointment appraisal, as recorded."""
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
        for row in db.scalars(select(AppraisalRow).order_by(AppraisalRow.id))
    )


def add_appraisal(db: Session, appraisal: Appraisal) -> None:
    """Record a pre-appointment appraisal for good."""
    db.execute(insert(AppraisalRow), [_columns_of(appraisal)])


def reports(db: Session) -> tuple[InvestigationReport, ...]:
    """Read every report on an investigation, as recorded."""
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
        for row in db.scalars(select(InvestigationReportRow).order_by(InvestigationReportRow.id))
    )


def add_report(db: Session, report: InvestigationReport) -> None:
    """Record how an investigation stands, for good; the last record of a round holds."""
    db.execute(insert(InvestigationReportRow), [_columns_of(report)])


def _columns_of(value: Appraisal | InvestigationReport) -> dict[str, object]:
    return {field.name: getattr(value, field.name) for field in fields(value)}
