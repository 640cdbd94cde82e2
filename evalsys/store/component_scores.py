"""Keeping the scores of single components; none is ever changed, the last one of a key holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.assessment import Component, Counts
from evalsys.domain.component_scores import ComponentScore, Origin, Subject, latest
from evalsys.domain.cycles import CycleCode
from evalsys.domain.scoring import Band
from evalsys.store.schema.assessment import ComponentScoreRow, PetitionCountRow

_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class PetitionCount:
    """How many petitions of a kind one cycle saw in a place; never a part of a score (Y77)."""

    cycle: CycleCode
    place: str
    kind: str
    count: int
    document: str
    entered_by: str
    entered_at: datetime


def add_scores(db: Session, scores: Iterable[ComponentScore]) -> None:
    """Keep new scores for good; their `id` is given by the database."""
    rows = [_columns(score) for score in scores]
    for at in range(0, len(rows), _CHUNK):
        db.execute(insert(ComponentScoreRow), rows[at : at + _CHUNK])


def scores_of(
    db: Session,
    *,
    years: Iterable[int] = (),
    cycles: Iterable[CycleCode] = (),
    subject: tuple[Subject, str] | None = None,
) -> tuple[ComponentScore, ...]:
    """Read scores in the order of entering, superseded ones too, of years or cycles if named."""
    table = ComponentScoreRow
    codes = {str(code) for code in cycles}
    for year in years:
        codes |= {str(year), *(f"{year}Q{n}" for n in range(1, 5))}
    query = select(table).order_by(table.id)
    if codes:
        query = query.where(table.cycle.in_(codes))
    if subject is not None:
        column = table.cadre if subject[0] is Subject.CADRE else table.unit
        query = query.where(column == subject[1])
    return tuple(map(_value, db.scalars(query)))


def holding_scores(
    db: Session, years: Iterable[int], day: date, known_before: datetime
) -> tuple[ComponentScore, ...]:
    """Read of each key of these years the score that holds on `day`, of those entered by then."""
    found = latest(
        score
        for score in scores_of(db, years=years)
        if score.held_on <= day and score.entered_at < known_before
    )
    return tuple(found.values())


def latest_score_year(db: Session) -> int | None:
    """Return the last year for which a score of a cadre was entered."""
    table = ComponentScoreRow
    code = db.scalar(
        select(table.cycle).where(table.cadre.is_not(None)).order_by(table.cycle.desc()).limit(1)
    )
    return int(code[:4]) if code else None


def add_petition_counts(db: Session, counts: Iterable[PetitionCount]) -> None:
    """Keep petition statistics for good."""
    rows = [
        {
            "cycle": one.cycle,
            "place": one.place,
            "kind": one.kind,
            "count": one.count,
            "document": one.document,
            "entered_by": one.entered_by,
            "entered_at": one.entered_at,
        }
        for one in counts
    ]
    if rows:
        db.execute(insert(PetitionCountRow), rows)


def petition_counts(db: Session) -> tuple[PetitionCount, ...]:
    """Read of each cycle, place and kind the count that holds, in that order."""
    rows = db.scalars(select(PetitionCountRow).order_by(PetitionCountRow.id))
    held = {
        (row.cycle, row.place, row.kind): PetitionCount(
            CycleCode(row.cycle),
            row.place,
            row.kind,
            row.count,
            row.document,
            row.entered_by,
            row.entered_at,
        )
        for row in rows
    }
    return tuple(held[key] for key in sorted(held))


def _columns(score: ComponentScore) -> dict[str, object]:
    about_cadre = score.subject is Subject.CADRE
    return {
        "cadre": score.code if about_cadre else None,
        "unit": None if about_cadre else score.code,
        "component": score.component.value,
        "cycle": score.cycle,
        "tenths": score.tenths,
        "asked": score.counts.asked,
        "called": score.counts.called,
        "reached": score.counts.reached,
        "answered": score.counts.answered,
        "document": score.document,
        "held_on": score.held_on,
        "entered_by": score.entered_by,
        "entered_at": score.entered_at,
        "corrects": score.corrects,
        "reason": score.reason,
        "correction": score.correction,
        "origin": score.origin.value,
        "band": score.band.value if score.band else None,
    }


def _value(row: ComponentScoreRow) -> ComponentScore:
    return ComponentScore(
        subject=Subject.UNIT if row.cadre is None else Subject.CADRE,
        code=row.cadre or row.unit or "",
        component=Component(row.component),
        cycle=CycleCode(row.cycle),
        tenths=row.tenths,
        counts=Counts(row.asked, row.called, row.reached, row.answered),
        document=row.document,
        held_on=row.held_on,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        id=row.id,
        corrects=row.corrects,
        reason=row.reason,
        correction=row.correction,
        origin=Origin(row.origin),
        band=Band(row.band) if row.band else None,
    )
