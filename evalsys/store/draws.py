"""Frozen rosters: written once in bulk, read by the draw, by the dialler and by the public."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.canonical import parse_canonical
from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_roster import FrozenRoster, roster_of
from evalsys.domain.live.codec import decode, kind_of
from evalsys.domain.live.events import CadreDrawn, SessionSealed
from evalsys.domain.live.words import SessionKind
from evalsys.domain.quiz import QuizLeaf, home_leaf
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, HouseholdCode, LiveId, Stratum, UnitCode
from evalsys.store.bulk import bulk_insert
from evalsys.store.phone_box import SEALED_BYTES
from evalsys.store.schema.draw import (
    FrozenCadreRow,
    FrozenListRow,
    FrozenQuizRow,
    FrozenRosterRow,
    FrozenStratumRow,
    FrozenUnitRow,
)
from evalsys.store.schema.live import LiveEventRow, LiveSessionRow

SALT_BYTES = 16


class HouseholdList(NamedTuple):
    """All households of a cadre as they are written, in the order of their positions."""

    cadre: CadreNumber
    households: Sequence[HouseholdCode]
    salts: Sequence[bytes]
    sealed: Sequence[bytes]


class FrozenQuiz(NamedTuple):
    """What could be asked of a cadre: household `n` stands at index n - 1 of each list."""

    cadre: CadreNumber
    salt: bytes
    households: tuple[HouseholdCode, ...]
    salts: tuple[bytes, ...]
    fields: tuple[tuple[str, ...], ...]
    """None of them without a field."""

    @property
    def leaf(self) -> QuizLeaf:
        """What the roster commits to."""
        homes = (
            home_leaf(self.cadre, n, household, salt)
            for n, (household, salt) in enumerate(
                zip(self.households, self.salts, strict=True), start=1
            )
        )
        items = ((n, code) for n, some in enumerate(self.fields, start=1) for code in sorted(some))
        return QuizLeaf(
            self.cadre,
            tuple(sha256(home).hexdigest() for home in homes),
            tuple(items),
            self.salt.hex(),
        )


class FrozenHousehold(NamedTuple):
    """A position of a frozen roster: the household, its salt, its phone sealed to the position."""

    cadre: CadreNumber
    k: int
    household: HouseholdCode
    salt: bytes
    sealed: bytes


class StratumLabel(NamedTuple):
    """What a stratum stands for: a code, or empty for the only one, and its Chinese name."""

    key: str
    name: str


class UnitCount(NamedTuple):
    """How many cadres and households a unit has in a frozen roster."""

    unit: UnitCode
    name: str
    cadres: int
    households: int


def begin_roster(db: Session, live: LiveId, strata_kind: str, at: datetime) -> int:
    """Open a frozen roster, and return the number under which its rows are added.

    Whether the session may be frozen (again) is the caller's to say; the last roster counts.
    """
    before = db.scalar(select(func.count()).where(FrozenRosterRow.live == live)) or 0
    row = FrozenRosterRow(live=live, n=before + 1, strata_kind=strata_kind, frozen_at=at)
    db.add(row)
    db.flush()
    return row.id


def add_households(db: Session, roster: int, lists: Iterable[HouseholdList]) -> None:
    """Add the households of some cadres, none of whom is without, to a roster just begun."""
    bulk_insert(
        db.connection(),
        FrozenListRow.__tablename__,
        ("roster", *HouseholdList._fields),
        (
            (roster, one.cadre, " ".join(one.households), b"".join(one.salts), b"".join(one.sealed))
            for one in lists
        ),
    )


def add_cadres(
    db: Session,
    roster: int,
    cadres: Iterable[FrozenCadre],
    labels: Mapping[Stratum, StratumLabel],
    units: Iterable[UnitCount],
) -> None:
    """Add the lines of a roster that was just begun, what its strata are, and its head-counts."""
    db.execute(
        insert(FrozenStratumRow),
        [
            {"roster": roster, "stratum": stratum, **label._asdict()}
            for stratum, label in labels.items()
        ],
    )
    db.execute(insert(FrozenUnitRow), [{"roster": roster, **one._asdict()} for one in units])
    bulk_insert(
        db.connection(),
        FrozenCadreRow.__tablename__,
        ("roster", "cadre", "hh_n", "hh_root", "stratum", "weight", "quiz"),
        (
            (roster, one.cadre, one.hh_n, one.hh_root, one.stratum, one.weight, one.quiz)
            for one in cadres
        ),
    )


def add_quizzes(db: Session, roster: int, quizzes: Iterable[FrozenQuiz]) -> None:
    """Add what could be asked of some cadres to a roster just begun."""
    bulk_insert(
        db.connection(),
        FrozenQuizRow.__tablename__,
        ("roster", "cadre", "salt", "households", "salts", "fields"),
        (
            (
                roster,
                one.cadre,
                one.salt,
                " ".join(one.households),
                b"".join(one.salts),
                " ".join(",".join(some) for some in one.fields),
            )
            for one in quizzes
        ),
    )


def quiz_of(db: Session, live: LiveId, cadre: CadreNumber) -> FrozenQuiz | None:
    """Read what could be asked of a cadre; None when the roster committed to nothing."""
    row = db.get(FrozenQuizRow, (existing_roster(db, live), cadre))
    if row is None:
        return None
    households = tuple(map(HouseholdCode, row.households.split()))
    salts = (row.salts[i * SALT_BYTES : (i + 1) * SALT_BYTES] for i in range(len(households)))
    fields = (tuple(some.split(",")) for some in row.fields.split())
    return FrozenQuiz(cadre, row.salt, households, tuple(salts), tuple(fields))


def frozen_roster(db: Session, live: LiveId) -> FrozenRoster:
    """Read the roster of a session. Raises NotFound when it is not frozen."""
    table = FrozenCadreRow.__table__.c
    rows = db.execute(
        select(
            table.cadre, table.hh_n, table.hh_root, table.stratum, table.weight, table.quiz
        ).where(table.roster == existing_roster(db, live))
    )
    return roster_of(FrozenCadre(*row) for row in rows)


def stratum_labels(db: Session, live: LiveId) -> dict[Stratum, StratumLabel]:
    """Say what each stratum stands for, in the order of the strata."""
    rows = db.execute(
        select(FrozenStratumRow.stratum, FrozenStratumRow.key, FrozenStratumRow.name)
        .where(FrozenStratumRow.roster == existing_roster(db, live))
        .order_by(FrozenStratumRow.stratum)
    )
    return {Stratum(stratum): StratumLabel(key, name) for stratum, key, name in rows}


def unit_counts(db: Session, live: LiveId) -> tuple[UnitCount, ...]:
    """Give the head-counts of every unit, in the order of their codes."""
    table = FrozenUnitRow
    rows = db.execute(
        select(table.unit, table.name, table.cadres, table.households)
        .where(table.roster == existing_roster(db, live))
        .order_by(table.unit)
    )
    return tuple(UnitCount(UnitCode(row[0]), *row[1:]) for row in rows)


def households_of(db: Session, live: LiveId, cadre: CadreNumber) -> tuple[FrozenHousehold, ...]:
    """Read the positions 1, 2, ... of one cadre; none when the cadre has no households."""
    row = db.get(FrozenListRow, (existing_roster(db, live), cadre))
    if row is None:
        return ()
    return tuple(
        FrozenHousehold(
            cadre,
            i + 1,
            HouseholdCode(household),
            row.salts[i * SALT_BYTES : (i + 1) * SALT_BYTES],
            row.sealed[i * SEALED_BYTES : (i + 1) * SEALED_BYTES],
        )
        for i, household in enumerate(row.households.split())
    )


def household_at(db: Session, live: LiveId, cadre: CadreNumber, k: int) -> FrozenHousehold:
    """Read position `k` of one cadre. Raises NotFound when there is no such position."""
    positions = households_of(db, live, cadre)
    if not 1 <= k <= len(positions):
        raise NotFound(f"干部 {cadre} 没有第 {k} 户。", remedy="请核对冻结名册。")
    return positions[k - 1]


def existing_roster(db: Session, live: LiveId) -> int:
    """Find the roster that a session froze last. Raises NotFound when it is not frozen."""
    table = FrozenRosterRow
    found = db.scalar(select(table.id).where(table.live == live).order_by(table.n.desc()).limit(1))
    if found is None:
        raise NotFound("这场会议的名册还没有冻结。", remedy="请先冻结名册。")
    return found


def last_sealed(db: Session, *, rehearsal: bool) -> LiveId | None:
    """Find the session that was sealed last; rehearsals and real sessions are two chains.

    A pledge assembly has no manifest and is no link of either.
    """
    found = db.scalar(
        select(LiveEventRow.live)
        .join(LiveSessionRow, LiveSessionRow.id == LiveEventRow.live)
        .where(
            LiveEventRow.kind == kind_of(SessionSealed),
            LiveSessionRow.rehearsal == rehearsal,
            LiveSessionRow.kind != SessionKind.ASSEMBLY.value,
        )
        .order_by(LiveEventRow.at.desc())
        .limit(1)
    )
    return None if found is None else LiveId(found)


def drawn_since(db: Session, since: datetime) -> frozenset[CadreNumber]:
    """Give the cadres drawn in real sessions from `since` on."""
    kind = kind_of(CadreDrawn)
    bodies = db.scalars(
        select(LiveEventRow.body)
        .join(LiveSessionRow, LiveSessionRow.id == LiveEventRow.live)
        .where(
            LiveEventRow.kind == kind,
            LiveEventRow.at >= since,
            LiveSessionRow.rehearsal.is_(False),
        )
    )
    drawn = (decode(kind, parse_canonical(body.encode())) for body in bodies)
    return frozenset(event.cadre for event in drawn if isinstance(event, CadreDrawn))
