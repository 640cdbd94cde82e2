"""What an import leaves alone of households: protection granted, columns put right (G14)."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update

from evalsys.domain.household_page import Outcome, WishKind
from evalsys.domain.protection import Protection, weakens
from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_sheets import Kind
from evalsys.store.roster_decided import Present, bringing, decided_here, pieces
from evalsys.store.roster_stage import PHONES, STAGED, STAGED_PHONES, TARGETS
from evalsys.store.schema.household_page import HouseholdCorrection, PageWish, PageWishOutcome

_CORRECTED: Final = "县联系办已按这一户的申请更正"


def protection(db: Connection, present: Present) -> Iterator[Finding]:
    """A measure that the office granted stays; a file may strengthen it, and never lift it."""
    sources = bringing(present, Kind.HOUSEHOLDS, "protection")
    granted = {
        household: Protection(measure)
        for household, measure in db.execute(
            select(PageWish.household, PageWish.measure)
            .join(PageWishOutcome, PageWishOutcome.wish == PageWish.id)
            .where(
                PageWish.kind == WishKind.PROTECT.value,
                PageWishOutcome.outcome == Outcome.GRANTED.value,
            )
            .order_by(PageWishOutcome.at)
        )
    }
    staged = STAGED[Kind.HOUSEHOLDS]
    for some in pieces(sorted(granted)):
        rows = db.execute(
            select(staged.c.source, staged.c.line, staged.c.code, staged.c.protection)
            .where(staged.c.code.in_(some), staged.c.source.in_(sources))
            .order_by(staged.c.source, staged.c.line)
        ).all()
        for source, line, code, said in rows:
            measure, told = granted[code], Protection(said or "")
            if told is measure or (measure is not Protection.NONE and not weakens(told, measure)):
                continue
            db.execute(update(staged).where(staged.c.code == code).values(protection=measure.value))
            deed = "登记" if measure else "取消"
            what = f"县联系办已按这一户的申请{deed}保护措施"
            yield decided_here(Kind.HOUSEHOLDS, source, line, "protection", code, what)


def corrected(db: Connection, present: Present) -> Iterator[Finding]:
    """What was put right at a household's wish stays, until a file says the same."""
    rows = db.execute(select(HouseholdCorrection.household, HouseholdCorrection.field)).all()
    for field in ("head", "members"):
        sources = bringing(present, Kind.HOUSEHOLDS, field)
        codes = sorted(household for household, name in rows if name == field)
        for some in pieces(codes):
            yield from _corrected_column(db, field, sources, some)
    sources = bringing(present, Kind.HOUSEHOLDS, "phones")
    staged = STAGED[Kind.HOUSEHOLDS]
    for household in sorted(household for household, name in rows if name == "phones"):
        found = db.execute(
            select(staged.c.source, staged.c.line).where(
                staged.c.code == household, staged.c.source.in_(sources)
            )
        ).first()
        if found is not None:
            yield from _corrected_phones(db, household, *found)


def _corrected_column(
    db: Connection, field: str, sources: list[int], codes: list[str]
) -> Iterator[Finding]:
    staged, kept = STAGED[Kind.HOUSEHOLDS], TARGETS[Kind.HOUSEHOLDS]
    found = db.execute(
        select(staged.c.source, staged.c.line, staged.c.code, staged.c[field], kept.c[field])
        .join(kept, kept.c.code == staged.c.code)
        .where(staged.c.code.in_(codes), staged.c.source.in_(sources))
        .order_by(staged.c.source, staged.c.line)
    ).all()
    for source, line, code, said, now in found:
        if said == now:
            _settle(db, code, field)
            continue
        db.execute(update(staged).where(staged.c.code == code).values({field: now}))
        # What the file says is a name, too: the household's code tells which row it is.
        yield decided_here(Kind.HOUSEHOLDS, source, line, field, code, _CORRECTED)


def _corrected_phones(db: Connection, household: str, source: int, line: int) -> Iterator[Finding]:
    """Stage the numbers that are kept instead of those of the file."""
    kept, mine = PHONES, STAGED_PHONES.c.household == household
    said = set(db.scalars(select(STAGED_PHONES.c.blind).where(mine)))
    if said == set(db.scalars(select(kept.c.blind).where(kept.c.household == household))):
        _settle(db, household, "phones")
        return
    db.execute(delete(STAGED_PHONES).where(mine))
    columns = ("household", "position", "usable", "id", "sealed", "blind")
    rows = select(*(kept.c[name] for name in columns)).where(kept.c.household == household)
    db.execute(insert(STAGED_PHONES).from_select(columns, rows))
    yield decided_here(Kind.HOUSEHOLDS, source, line, "phones", household, _CORRECTED)


def _settle(db: Connection, household: str, field: str) -> None:
    """A file knows of the correction: from now on files count again."""
    db.execute(
        delete(HouseholdCorrection).where(
            HouseholdCorrection.household == household, HouseholdCorrection.field == field
        )
    )
