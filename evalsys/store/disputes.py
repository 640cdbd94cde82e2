"""Keeping objections, their answers, and corrections; all of it only grows."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.assessment import Component, Counts
from evalsys.domain.component_scores import Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.disputes import Channel, Correction, Dispute, Outcome
from evalsys.domain.rule_versions import Ruling
from evalsys.errors import NotFound, StaleState
from evalsys.store.schema.assessment import (
    AssessmentDisputeRow,
    CorrectionRulingRow,
    DisputeReplyRow,
    ScoreCorrectionRow,
)


def add_dispute(db: Session, new: Dispute) -> int:
    """Keep an objection for good; give its number."""
    about_cadre = new.subject is Subject.CADRE
    row = AssessmentDisputeRow(
        cadre=new.code if about_cadre else None,
        unit=None if about_cadre else new.code,
        cycle=new.cycle,
        component=new.component or "",
        text=new.text,
        channel=new.channel,
        received_on=new.received_on,
        due_on=new.due_on,
        entered_by=new.entered_by,
        entered_at=new.entered_at,
    )
    db.add(row)
    db.flush()
    return row.id


def add_reply(
    db: Session, dispute: int, outcome: Outcome, text: str, *, by: str, at: datetime
) -> None:
    """Keep the answer to an objection.

    Raises:
        StaleState: somebody else was faster.
    """
    _once(
        db,
        DisputeReplyRow(dispute=dispute, outcome=outcome, text=text, replied_by=by, replied_at=at),
    )


def add_correction(db: Session, new: Correction) -> int:
    """Keep a proposed score; give its number."""
    row = ScoreCorrectionRow(
        dispute=new.dispute,
        component=new.component,
        tenths=new.tenths,
        asked=new.counts.asked,
        called=new.counts.called,
        reached=new.counts.reached,
        answered=new.counts.answered,
        document=new.document,
        held_on=new.held_on,
        reason=new.reason,
        proposed_by=new.proposed_by,
        proposed_at=new.proposed_at,
    )
    db.add(row)
    db.flush()
    return row.id


def add_ruling(
    db: Session, correction: int, ruling: Ruling, *, reason: str, by: str, at: datetime
) -> None:
    """Keep what the second person made of a correction.

    Raises:
        StaleState: somebody else was faster.
    """
    _once(
        db,
        CorrectionRulingRow(
            correction=correction, ruling=ruling, reason=reason, ruled_by=by, ruled_at=at
        ),
    )


def disputes(
    db: Session, *, subject: tuple[Subject, str] | None = None, number: int | None = None
) -> tuple[Dispute, ...]:
    """Read objections, newest first, of one cadre or unit or of one number if named."""
    table = AssessmentDisputeRow
    query = (
        select(table, DisputeReplyRow)
        .outerjoin(DisputeReplyRow, DisputeReplyRow.dispute == table.id)
        .order_by(table.id.desc())
    )
    if subject is not None:
        column = table.cadre if subject[0] is Subject.CADRE else table.unit
        query = query.where(column == subject[1])
    if number is not None:
        query = query.where(table.id == number)
    rows = list(db.execute(query))
    found = _corrections(db, [row.id for row, _ in rows])
    return tuple(_value(row, reply, found.get(row.id, ())) for row, reply in rows)


def dispute(db: Session, number: int) -> Dispute:
    """Read one objection.

    Raises:
        NotFound: there is none of this number.
    """
    for one in disputes(db, number=number):
        return one
    raise NotFound(f"没有编号 {number} 的异议。", remedy="请从异议列表进入。", place=str(number))


def _once(db: Session, row: DisputeReplyRow | CorrectionRulingRow) -> None:
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError as error:
        raise StaleState("刚刚由另一个人决定了。", remedy="请刷新页面，看过之后再说。") from error


def _corrections(db: Session, of: list[int]) -> dict[int, tuple[Correction, ...]]:
    table, ruling = ScoreCorrectionRow, CorrectionRulingRow
    rows = list(db.scalars(select(table).where(table.dispute.in_(of)).order_by(table.id)))
    ruled = {
        row.correction: row
        for row in db.scalars(select(ruling).where(ruling.correction.in_([row.id for row in rows])))
    }
    found: dict[int, tuple[Correction, ...]] = {}
    for row in rows:
        one = _correction(row, ruled.get(row.id))
        found[row.dispute] = (*found.get(row.dispute, ()), one)
    return found


def _correction(row: ScoreCorrectionRow, ruling: CorrectionRulingRow | None) -> Correction:
    proposed = Correction(
        id=row.id,
        dispute=row.dispute,
        component=Component(row.component),
        tenths=row.tenths,
        counts=Counts(row.asked, row.called, row.reached, row.answered),
        document=row.document,
        held_on=row.held_on,
        reason=row.reason,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
    )
    if ruling is None:
        return proposed
    return replace(
        proposed,
        ruling=Ruling(ruling.ruling),
        ruled_by=ruling.ruled_by,
        ruled_at=ruling.ruled_at,
        ruled_why=ruling.reason,
    )


def _value(
    row: AssessmentDisputeRow, reply: DisputeReplyRow | None, corrections: tuple[Correction, ...]
) -> Dispute:
    return Dispute(
        id=row.id,
        subject=Subject.UNIT if row.cadre is None else Subject.CADRE,
        code=row.cadre or row.unit or "",
        cycle=CycleCode(row.cycle),
        component=Component(row.component) if row.component else None,
        text=row.text,
        channel=Channel(row.channel),
        received_on=row.received_on,
        due_on=row.due_on,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        outcome=Outcome(reply.outcome) if reply else None,
        reply=reply.text if reply else "",
        replied_by=reply.replied_by if reply else "",
        replied_at=reply.replied_at if reply else None,
        corrections=corrections,
    )
