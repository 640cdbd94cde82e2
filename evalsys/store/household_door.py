"""How households get in, on disk: askings, codes by their keyed hash, tries, sittings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from evalsys.domain.household_page import Via
from evalsys.store.schema.household_page import (
    HouseholdAsking,
    HouseholdCode,
    HouseholdSitting,
    HouseholdTry,
)

_A, _C, _T, _S = HouseholdAsking, HouseholdCode, HouseholdTry, HouseholdSitting


@dataclass(frozen=True, slots=True)
class Asking:
    """A wish for a code by message that nobody has handled yet."""

    id: str
    blind: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class Sitting:
    """A browser that got in: to which household, how, last used when."""

    household: str
    via: Via
    seen_at: datetime


def ask(db: Session, asking: str, blind: bytes, address: str, at: datetime) -> None:
    """Keep that somebody asked."""
    db.execute(insert(_A).values(id=asking, blind=blind, address=address, at=at))


def asked_of(db: Session, blind: bytes, since: datetime) -> int:
    """Count how often a number was asked for."""
    return db.scalar(select(func.count()).where(_A.blind == blind, _A.at >= since)) or 0


def asked_from(db: Session, address: str, since: datetime) -> int:
    """Count how often an address asked."""
    return db.scalar(select(func.count()).where(_A.address == address, _A.at >= since)) or 0


def take_askings(db: Session, since: datetime, at: datetime, limit: int) -> tuple[Asking, ...]:
    """Take what nobody handled yet and mark it as handled; what is older than `since` is left."""
    query = (
        select(_A)
        .where(_A.handled_at.is_(None), _A.at >= since)
        .order_by(_A.at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = tuple(Asking(row.id, row.blind, row.at) for row in db.scalars(query))
    ids = [one.id for one in found]
    if ids:
        db.execute(update(_A).where(_A.id.in_(ids)).values(handled_at=at))
    return found


def add_code(
    db: Session, mac: bytes, household: str, via: Via, made_at: datetime, expires_at: datetime
) -> None:
    """Keep a code by its keyed hash."""
    db.execute(
        insert(_C).values(
            mac=mac, household=household, via=via.value, made_at=made_at, expires_at=expires_at
        )
    )


def void_letters(db: Session, households: Collection[str], at: datetime) -> None:
    """Use up the codes of letters to these households: new ones take their place."""
    mine = (_C.household.in_(households), _C.via == Via.LETTER.value, _C.used_at.is_(None))
    db.execute(update(_C).where(*mine).values(used_at=at))


def use_code(db: Session, mac: bytes, at: datetime) -> tuple[str, Via] | None:
    """Use a code up; give its household, or nothing when it is none, was used, or is too old."""
    row = db.execute(
        update(_C)
        .where(_C.mac == mac, _C.used_at.is_(None), _C.expires_at > at)
        .values(used_at=at)
        .returning(_C.household, _C.via)
    ).one_or_none()
    return None if row is None else (row[0], Via(row[1]))


def note_try(db: Session, address: str, asking: str, at: datetime) -> None:
    """Count that a code was typed."""
    db.execute(insert(_T).values(address=address, asking=asking, at=at))


def tries_from(db: Session, address: str, since: datetime) -> int:
    """Count the codes typed from an address."""
    return db.scalar(select(func.count()).where(_T.address == address, _T.at >= since)) or 0


def tries_at(db: Session, asking: str) -> int:
    """Count the guesses at one message's code."""
    return db.scalar(select(func.count()).where(_T.asking == asking)) or 0


def sit_down(db: Session, token_sha256: str, household: str, via: Via, at: datetime) -> None:
    """Keep that a browser got in."""
    db.execute(
        insert(_S).values(
            token_sha256=token_sha256, household=household, via=via.value, began_at=at, seen_at=at
        )
    )


def sitting(db: Session, token_sha256: str, seen_after: datetime) -> Sitting | None:
    """Find a sitting that was used after a time."""
    row = db.get(_S, token_sha256)
    if row is None or row.seen_at <= seen_after:
        return None
    return Sitting(row.household, Via(row.via), row.seen_at)


def touch(db: Session, token_sha256: str, at: datetime) -> None:
    """Note that a sitting was used."""
    db.execute(update(_S).where(_S.token_sha256 == token_sha256).values(seen_at=at))


def get_up(db: Session, token_sha256: str) -> None:
    """End one sitting."""
    db.execute(delete(_S).where(_S.token_sha256 == token_sha256))


def forget(db: Session, *, asked: datetime, tried: datetime, seen: datetime) -> None:
    """Forget askings, tries and sittings older than these; who asked is nobody's business then."""
    db.execute(delete(_A).where(_A.at < asked))
    db.execute(delete(_T).where(_T.at < tried))
    db.execute(delete(_S).where(_S.seen_at < seen))


def has_askings(db: Session, since: datetime) -> bool:
    """Say whether somebody waits for a code."""
    query = select(_A.id).where(_A.handled_at.is_(None), _A.at >= since).limit(1)
    return db.scalar(query) is not None
