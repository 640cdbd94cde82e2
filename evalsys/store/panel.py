"""The panel's list and the scans at the doors."""

from collections.abc import Iterable

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from evalsys.domain.checkin import Scan
from evalsys.domain.panel import SeatCategory
from evalsys.domain.panel_roster import Entry, Leader, PanelMember
from evalsys.domain.roster_ranks import RANKS, RankBand
from evalsys.ids import CadreNumber, LiveId
from evalsys.store.schema.panel import PanelMemberRow, PanelScan
from evalsys.store.schema.roster import Cadre, Unit, UnitPrincipal

_LEADING = [rank for rank, band in RANKS.items() if band >= RankBand.DEPUTY_SECTION]


def members_of(db: Session, live: LiveId) -> tuple[PanelMember, ...]:
    """Return the list of a session's panel, in its order."""
    query = select(PanelMemberRow).where(PanelMemberRow.live == live)
    rows = db.scalars(query.order_by(PanelMemberRow.place))
    return tuple(_member(row) for row in rows)


def replace_list(db: Session, live: LiveId, members: Iterable[PanelMember]) -> None:
    """Put a new list in place of the old one."""
    db.execute(delete(PanelMemberRow).where(PanelMemberRow.live == live))
    add_members(db, members)


def add_members(db: Session, members: Iterable[PanelMember]) -> None:
    """Keep new people on the list."""
    db.add_all(
        PanelMemberRow(
            id=one.id,
            live=one.live,
            place=one.place,
            name=one.entry.name,
            category=one.entry.category.value,
            unit=one.entry.unit,
            post=one.entry.post,
            leading=one.entry.leading,
            seat=one.seat,
            stood_down=one.stood_down,
        )
        for one in members
    )
    db.flush()


def set_seat(db: Session, member: PanelMember, seat: int | None, *, stood_down: bool) -> None:
    """Keep on which seat a person sits, or that a reserve took it."""
    db.execute(
        update(PanelMemberRow)
        .where(PanelMemberRow.id == member.id)
        .values(seat=seat, stood_down=stood_down)
    )


def leaders(db: Session, names: Iterable[str]) -> dict[tuple[str, str], Leader]:
    """Return the serving cadres of these names with a leading post, by name and unit.

    Leading is a rank of deputy section and above, or being the principal of a unit.
    """
    is_principal = exists().where(UnitPrincipal.cadre == Cadre.number)
    query = (
        select(Cadre.number, Cadre.name, Cadre.rank, Unit.name, is_principal)
        .join(Unit, Unit.code == Cadre.unit)
        .where(
            Cadre.name.in_(set(names)),
            Cadre.left_on.is_(None),
            or_(Cadre.rank.in_(_LEADING), is_principal),
        )
    )
    return {
        (name, unit): Leader(
            CadreNumber(number), name, unit, "单位主要负责人" if principal else rank
        )
        for number, name, rank, unit, principal in db.execute(query)
    }


def scans_of(db: Session, live: LiveId) -> tuple[Scan, ...]:
    """Return every scan of a session's cards."""
    rows = db.scalars(select(PanelScan).where(PanelScan.live == live))
    return tuple(
        Scan(row.id, LiveId(row.live), row.seat, row.issue, row.device, row.at, row.received_at)
        for row in rows
    )


def known_scans(db: Session, ids: Iterable[str]) -> frozenset[str]:
    """Name those of these scans that were handed in before."""
    return frozenset(db.scalars(select(PanelScan.id).where(PanelScan.id.in_(set(ids)))))


def add_scans(db: Session, scans: Iterable[Scan]) -> None:
    """Keep scans for good."""
    db.add_all(
        PanelScan(
            id=one.id,
            live=one.live,
            seat=one.seat,
            issue=one.issue,
            device=one.device,
            at=one.at,
            received_at=one.received_at,
        )
        for one in scans
    )
    db.flush()


def _member(row: PanelMemberRow) -> PanelMember:
    entry = Entry(row.name, SeatCategory(row.category), row.unit, row.post, row.leading)
    return PanelMember(row.id, LiveId(row.live), row.place, entry, row.seat, row.stood_down)
