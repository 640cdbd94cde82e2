"""Keeping evaluation runs and the decisions of named persons. Both only grow."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.personnel_decisions import Choice, Decision
from evalsys.domain.rulebook import Conclusion
from evalsys.ids import CadreNumber
from evalsys.store.schema.personnel import DecisionRow, EvaluationRun


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation that was made: what went in, what came out, who first asked for it."""

    run: str
    as_of: date
    year: int
    book_name: str
    book_sha256: str
    facts_sha256: str
    cadres: int
    inputs: int
    findings: int
    conclusions: dict[str, int]
    first_by: str
    first_at: datetime


def has_run(db: Session, run: str) -> bool:
    """Say whether this evaluation is on record."""
    return db.get(EvaluationRun, run) is not None


def add_run(db: Session, evaluation: Evaluation, *, by: str, at: datetime) -> None:
    """Record an evaluation, unless the very same one is on record already."""
    if has_run(db, evaluation.run):
        return
    made = EvaluationRun(
        run=evaluation.run,
        as_of=evaluation.as_of,
        year=evaluation.year,
        book_name=evaluation.rules.name,
        book_sha256=evaluation.rules.sha256,
        facts_sha256=evaluation.facts_sha256,
        cadres=len(evaluation.assessed),
        inputs=len(evaluation.facts.inputs),
        findings=len(evaluation.facts.findings),
        conclusions=json.dumps(dict(evaluation.conclusions), ensure_ascii=False),
        first_by=by,
        first_at=at,
    )
    # Somebody else may record the same evaluation at the same moment: theirs is as good.
    with suppress(IntegrityError), db.begin_nested():
        db.add(made)


def latest_runs(db: Session, limit: int) -> tuple[Run, ...]:
    """Read the last evaluations, newest first."""
    rows = db.scalars(
        select(EvaluationRun)
        .order_by(EvaluationRun.first_at.desc(), EvaluationRun.run)
        .limit(limit)
    )
    return tuple(
        Run(
            row.run,
            row.as_of,
            row.year,
            row.book_name,
            row.book_sha256,
            row.facts_sha256,
            row.cadres,
            row.inputs,
            row.findings,
            json.loads(row.conclusions),
            row.first_by,
            row.first_at,
        )
        for row in rows
    )


def add_decision(db: Session, decision: Decision) -> None:
    """Record a decision for good; its run must be on record."""
    db.add(
        DecisionRow(
            cadre=decision.cadre,
            choice=decision.choice,
            reason=decision.reason,
            decided_by=decision.decided_by,
            decided_at=decision.decided_at,
            run=decision.run,
            conclusion=decision.conclusion,
            rules=json.dumps(decision.rules, ensure_ascii=False),
            reasons=json.dumps(decision.reasons, ensure_ascii=False),
        )
    )


def decisions_on(db: Session, cadre: CadreNumber) -> tuple[Decision, ...]:
    """Read all decisions on one cadre, newest first."""
    return tuple(_read(db, DecisionRow.cadre == cadre))


def latest_decisions(db: Session, year: int) -> dict[CadreNumber, Decision]:
    """Read the last decision on each cadre that was made for `year`."""
    last = (
        select(func.max(DecisionRow.id))
        .join(EvaluationRun)
        .where(EvaluationRun.year == year)
        .group_by(DecisionRow.cadre)
    )
    return {decision.cadre: decision for decision in _read(db, DecisionRow.id.in_(last))}


def decisions_by_cadre(
    db: Session, cadres: Collection[CadreNumber] = ()
) -> dict[CadreNumber, tuple[Decision, ...]]:
    """Read all decisions on each of `cadres` (everybody when none is named), newest first."""
    which = DecisionRow.cadre.in_(cadres) if cadres else true()
    made: dict[CadreNumber, list[Decision]] = {}
    for decision in _read(db, which):
        made.setdefault(decision.cadre, []).append(decision)
    return {cadre: tuple(found) for cadre, found in made.items()}


def _read(db: Session, which: ColumnElement[bool]) -> Iterator[Decision]:
    rows = db.execute(
        select(DecisionRow, EvaluationRun)
        .join(EvaluationRun)
        .where(which)
        .order_by(DecisionRow.id.desc())
    )
    for row, run in rows:
        yield _value(row, run)


def _value(row: DecisionRow, run: EvaluationRun) -> Decision:
    return Decision(
        cadre=CadreNumber(row.cadre),
        choice=Choice(row.choice),
        reason=row.reason,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        run=row.run,
        as_of=run.as_of,
        year=run.year,
        book_sha256=run.book_sha256,
        conclusion=Conclusion(row.conclusion),
        rules=tuple(json.loads(row.rules)),
        reasons=tuple(json.loads(row.reasons)),
    )
