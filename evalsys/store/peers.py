"""Keeping kinds of units and the peer groups to which cadres were assigned by name."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from evalsys.domain.peers import PeerAssignment, UnitKind
from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.schema.assessment import PeerAssignmentRow, UnitKindRow


def unit_kinds(db: Session, known_before: datetime | None = None) -> Mapping[UnitCode, str]:
    """Read the kind of each unit that has one, the last entry of each before a moment."""
    table = UnitKindRow
    entered = select(table.unit, table.kind).order_by(table.id)
    if known_before is not None:
        entered = entered.where(table.entered_at < known_before)
    return {UnitCode(unit): kind for unit, kind in db.execute(entered)}


def add_unit_kinds(db: Session, kinds: Iterable[UnitKind]) -> None:
    """Keep kinds of units."""
    rows = [
        {
            "unit": one.unit,
            "kind": one.kind,
            "document": one.document,
            "entered_by": one.entered_by,
            "entered_at": one.entered_at,
        }
        for one in kinds
    ]
    if rows:
        db.execute(insert(UnitKindRow), rows)


def peer_assignments(
    db: Session, known_before: datetime | None = None
) -> Mapping[CadreNumber, str]:
    """Read the group of each cadre assigned by name, the last entry of each before a moment."""
    table = PeerAssignmentRow
    entered = select(table.cadre, table.peer_group).order_by(table.id)
    if known_before is not None:
        entered = entered.where(table.entered_at < known_before)
    held = {CadreNumber(cadre): group for cadre, group in db.execute(entered)}
    return {cadre: group for cadre, group in held.items() if group}


def add_peer_assignment(db: Session, new: PeerAssignment) -> None:
    """Keep an assignment."""
    db.add(
        PeerAssignmentRow(
            cadre=new.cadre,
            peer_group=new.group,
            reason=new.reason,
            entered_by=new.entered_by,
            entered_at=new.entered_at,
        )
    )
