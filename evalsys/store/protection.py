"""Which households are kept from calls, and why: by the roster's measure or their own word."""

from collections.abc import Collection, Mapping

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from evalsys.domain.campaign.policy import Stop
from evalsys.domain.protection import NOT_CALLED_LIVE, Protection
from evalsys.ids import HouseholdCode
from evalsys.store.prepared import Prepared
from evalsys.store.schema.base import Base
from evalsys.store.schema.campaigns import HouseholdWish
from evalsys.store.schema.roster import Household

_REFUSED = select(HouseholdWish.household).where(HouseholdWish.do_not_call)
_WISHES, _HOUSEHOLDS = (
    Base.metadata.tables[each.__tablename__] for each in (HouseholdWish, Household)
)
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_REFUSED_HERE = Prepared(
    select(_WISHES.c.household).where(_WISHES.c.do_not_call, _WISHES.c.household.in_(_THESE))
)
_PROTECTED_HERE = Prepared(
    select(_HOUSEHOLDS.c.code).where(
        _HOUSEHOLDS.c.code.in_(_THESE), _HOUSEHOLDS.c.protection == Protection.NO_CALLS.value
    )
)


def kept_from_live(db: Session) -> frozenset[str]:
    """Name every household that no live session calls."""
    protected = select(Household.code).where(Household.protection.in_(NOT_CALLED_LIVE))
    return frozenset((*db.scalars(protected), *db.scalars(_REFUSED)))


def is_kept_from_live(db: Session, household: HouseholdCode) -> bool:
    """Say whether no live session calls a household, as the roster stands now."""
    if protection_of(db, household) in NOT_CALLED_LIVE:
        return True
    return db.scalar(_REFUSED.where(HouseholdWish.household == household)) is not None


def protection_of(db: Session, household: HouseholdCode) -> Protection:
    """Return the measure that the roster has for a household."""
    query = select(Household.protection).where(Household.code == household)
    return Protection(db.scalar(query) or "")


def never_called(db: Session, households: Collection[HouseholdCode]) -> Mapping[str, Stop]:
    """Say of each of `households` that nobody may call why not."""
    these = tuple(households)
    refused, protected = (each.all(db, these=these) for each in (_REFUSED_HERE, _PROTECTED_HERE))
    return {
        **{row.household: Stop.DO_NOT_CALL for row in refused},
        **{row.code: Stop.PROTECTED for row in protected},
    }
