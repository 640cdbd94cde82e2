"""Keeping hand-overs, and moving links by them."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from evalsys.domain.link_handover import HandOver, HandOverState, Holder, LeavingReason
from evalsys.errors import InvalidInput, NotFound, StaleState
from evalsys.ids import CadreNumber
from evalsys.store.schema.handover import HandOverRow, HandOverRulingRow
from evalsys.store.schema.roster import Cadre, HouseholdLink, Unit

_OPEN = HouseholdLink.until.is_(None)
_HOLDERS = (
    select(Cadre.number, Cadre.name, Unit.name, func.count(HouseholdLink.household), Cadre.left_on)
    .join(Unit, Unit.code == Cadre.unit)
    .outerjoin(HouseholdLink, (HouseholdLink.cadre == Cadre.number) & _OPEN)
    .group_by(Cadre.number, Cadre.name, Unit.name, Cadre.left_on)
)


def holder(db: Session, cadre: CadreNumber, place: str) -> Holder:
    """Return a cadre with the households held at present.

    Raises:
        InvalidInput: no cadre has this number; `place` names the field.
    """
    row = db.execute(_HOLDERS.where(Cadre.number == cadre)).one_or_none()
    if row is None:
        raise InvalidInput(
            f"没有编号为 {cadre or '（空）'} 的干部。",
            remedy="请填八位干部编号，可在公开名录里查到。",
            place=place,
        )
    return _holder(row)


def leavers(db: Session, today: date) -> tuple[Holder, ...]:
    """List the cadres who have left by `today` and still hold households."""
    left = _HOLDERS.where(Cadre.left_on <= today).having(func.count(HouseholdLink.household) > 0)
    rows = db.execute(left.order_by(Cadre.left_on, Cadre.number))
    return tuple(map(_holder, rows))


def add(db: Session, handover: HandOver) -> int:
    """Keep a proposal; return its number."""
    values = {
        "giver": handover.giver,
        "taker": handover.taker,
        "reason": handover.reason.value,
        "since": handover.since,
        "households": handover.households,
        "note": handover.note,
        "proposed_by": handover.proposed_by,
        "proposed_at": handover.proposed_at,
    }
    return db.execute(insert(HandOverRow).values(values).returning(HandOverRow.id)).scalar_one()


def handovers(db: Session, *, limit: int) -> tuple[HandOver, ...]:
    """List hand-overs, the open ones first, then the newest."""
    is_ruled = HandOverRulingRow.handover.is_not(None)
    rows = db.execute(_HANDOVERS.order_by(is_ruled, HandOverRow.id.desc()).limit(limit))
    return tuple(_read(row, ruling) for row, ruling in rows)


def handover(db: Session, number: int) -> HandOver:
    """Return a hand-over.

    Raises:
        NotFound: there is none of this number.
    """
    found = db.execute(_HANDOVERS.where(HandOverRow.id == number)).one_or_none()
    if found is None:
        raise NotFound("没有这次交接。", remedy="请从交接页进入。")
    return _read(*found)


def is_open(db: Session, giver: CadreNumber) -> bool:
    """Say whether a cadre's households are being handed over."""
    waiting = _HANDOVERS.where(HandOverRow.giver == giver, HandOverRulingRow.handover.is_(None))
    return db.execute(waiting.limit(1)).first() is not None


def keep_ruling(db: Session, ruled: HandOver) -> None:
    """Keep what was ruled, once.

    Raises:
        StaleState: somebody else was first.
    """
    row = HandOverRulingRow(
        handover=ruled.id,
        state=ruled.state.value,
        ruled_by=ruled.ruled_by,
        ruled_at=ruled.ruled_at,
        why=ruled.why,
    )
    db.add(row)
    try:
        db.flush()
    except IntegrityError as error:
        raise StaleState("这次交接刚被别人处理。", remedy="请刷新页面看结果。") from error


def move_links(db: Session, handover: HandOver, *, only: Sequence[str] | None = None) -> int:
    """End the giver's open links on the day and begin the taker's; return how many.

    All of them, or those with the households `only`.
    """
    mine = [HouseholdLink.cadre == handover.giver, _OPEN]
    if only is not None:
        mine.append(HouseholdLink.household.in_(only))
    households = db.scalars(select(HouseholdLink.household).where(*mine)).all()
    db.execute(
        update(HouseholdLink)
        .where(*mine)
        .values(until=handover.since, reason=f"交接：{handover.reason}")
        .execution_options(synchronize_session=False)
    )
    if households:
        db.execute(
            insert(HouseholdLink),
            [
                {
                    "household": household,
                    "cadre": handover.taker,
                    "since": handover.since,
                    "until": None,
                    "reason": f"接 {handover.giver}",
                }
                for household in households
            ],
        )
    return len(households)


_HANDOVERS = select(HandOverRow, HandOverRulingRow).outerjoin(
    HandOverRulingRow, HandOverRulingRow.handover == HandOverRow.id
)


def _holder(row: Row[str, str, str, int, date | None]) -> Holder:
    number, name, unit, households, left_on = row
    return Holder(CadreNumber(number), name, unit, households, left_on)


def _read(row: HandOverRow, ruling: HandOverRulingRow | None) -> HandOver:
    return HandOver(
        CadreNumber(row.giver),
        CadreNumber(row.taker),
        LeavingReason(row.reason),
        row.since,
        row.households,
        row.note,
        row.proposed_by,
        row.proposed_at,
        row.id,
        HandOverState(ruling.state) if ruling else HandOverState.PROPOSED,
        ruling.ruled_by if ruling else "",
        ruling.ruled_at if ruling else None,
        ruling.why if ruling else "",
    )
