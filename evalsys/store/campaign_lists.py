"""Lists of a campaign's households for people, and what households asked for."""

from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.orm import Session

from evalsys.domain.campaign.cases import VisitRow
from evalsys.domain.campaign.outcome import CODE_UNCALLED
from evalsys.domain.campaign.plan import OVER
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.roster_sheets import Kind
from evalsys.ids import CampaignId, HouseholdCode
from evalsys.store.campaign_queue import Case, case_from
from evalsys.store.campaigns import CALLING, CLOSED, PERSON, WAITING, Wish
from evalsys.store.roster_stage import STAGED, STAGED_PHONES
from evalsys.store.schema.campaigns import CampaignMember, CampaignRow, HouseholdWish
from evalsys.store.schema.roster import Household, Phone


def visit_rows(db: Session, campaign: CampaignId) -> tuple[VisitRow, ...]:
    """List who could not be asked by telephone: by township and household."""
    to_visit = or_(
        CampaignMember.state == PERSON,
        (CampaignMember.state == CLOSED)
        & CampaignMember.stop.in_(
            (Stop.ATTEMPTS_USED, Stop.NEEDS_NEW_NUMBER, Stop.NOT_LINKED, Stop.PIN_FAILED)
        ),
    )
    query = (
        select(
            CampaignMember.household,
            Household.head,
            CampaignMember.township,
            CampaignMember.about,
            CampaignMember.state,
            CampaignMember.stop,
            CampaignMember.attempts,
        )
        .outerjoin(Household, Household.code == CampaignMember.household)
        .where(CampaignMember.campaign == campaign, to_visit)
        .order_by(CampaignMember.township, CampaignMember.household)
    )
    return tuple(
        VisitRow(
            HouseholdCode(row.household),
            row.head or "",
            row.township,
            row.about,
            row.stop or row.state,
            row.attempts,
        )
        for row in db.execute(query)
    )


def heads_of_members(db: Session, campaign: CampaignId) -> Iterator[tuple[HouseholdCode, str]]:
    """Yield each household of a campaign once, with its head."""
    query = (
        select(CampaignMember.household, Household.head)
        .outerjoin(Household, Household.code == CampaignMember.household)
        .where(CampaignMember.campaign == campaign)
        .distinct()
        .order_by(CampaignMember.household)
    )
    for household, head in db.execute(query):
        yield HouseholdCode(household), head or ""


def cases_with_a_new_number(db: Session) -> tuple[Case, ...]:
    """Return the cases closed for a dead number whose household got one in this import; hold them.

    A number that stays in the roster keeps its row, so a staged row in the roster is a new number.
    """
    brought = exists().where(
        Phone.household == CampaignMember.household,
        Phone.usable,
        STAGED_PHONES.c.household == Phone.household,
        STAGED_PHONES.c.position == Phone.position,
        STAGED_PHONES.c.id == Phone.id,
    )
    return _waiting_for_a_number(db, brought)


def cases_of_a_new_number(db: Session, household: str) -> tuple[Case, ...]:
    """Return the cases of a household that were closed for a dead number; hold them."""
    return _waiting_for_a_number(db, CampaignMember.household == household)


def _waiting_for_a_number(db: Session, which: ColumnElement[bool]) -> tuple[Case, ...]:
    query = (
        select(CampaignMember)
        .join(CampaignRow, CampaignRow.id == CampaignMember.campaign)
        .where(
            CampaignMember.needs_new_number,
            CampaignMember.state == CLOSED,
            CampaignMember.stop == Stop.NEEDS_NEW_NUMBER.value,
            CampaignRow.state.not_in(state.value for state in OVER),
            which,
        )
        .order_by(CampaignMember.id)
        .with_for_update(of=CampaignMember)
    )
    return tuple(map(case_from, db.scalars(query)))


def apply_wish(db: Session, wish: Wish) -> None:
    """Let the open cases of a household follow what it asked for."""
    still_open = (
        CampaignMember.household == wish.household,
        CampaignMember.state.in_((WAITING, PERSON)),
    )
    values: dict[str, object] = {"wish": wish.wish, "dialect": wish.dialect}
    if wish.do_not_call:
        stop = Stop.DO_NOT_CALL
        values |= {"state": CLOSED, "stop": stop.value, "code": CODE_UNCALLED[stop]}
    db.execute(update(CampaignMember).where(*still_open).values(**values))


def dialects_of(db: Session, campaign: CampaignId) -> Mapping[str, int]:
    """Count the households of a campaign by the dialect that each is to be spoken in."""
    query = (
        select(CampaignMember.dialect, func.count())
        .where(CampaignMember.campaign == campaign, CampaignMember.dialect != "")
        .group_by(CampaignMember.dialect)
        .order_by(CampaignMember.dialect)
    )
    return {dialect: number for dialect, number in db.execute(query)}  # noqa: C416 - rows, not pairs


def apply_dialect(db: Session, household: HouseholdCode, dialect: str) -> None:
    """Let the cases of a household, the one on the telephone included, be spoken in `dialect`."""
    going_on = CampaignMember.state.in_((WAITING, PERSON, CALLING))
    db.execute(
        update(CampaignMember)
        .where(CampaignMember.household == household, going_on)
        .values(dialect=dialect)
    )


def follow_roster(db: Session) -> None:
    """Let open cases follow the calling times and dialects that this import brought.

    What a household asked for by its own word stays.
    """
    brought, own = STAGED[Kind.HOUSEHOLDS], select(HouseholdWish.household)
    over = [state.value for state in OVER]
    going_on = list(db.scalars(select(CampaignRow.id).where(CampaignRow.state.not_in(over))))
    if not going_on:
        return
    its = Household.code == CampaignMember.household
    db.execute(
        update(CampaignMember)
        .where(
            CampaignMember.campaign.in_(going_on),
            CampaignMember.state.in_((WAITING, PERSON)),
            CampaignMember.household.in_(select(brought.c.code)),
            CampaignMember.household.not_in(own),
            exists().where(
                its,
                or_(
                    Household.calling_time != CampaignMember.wish,
                    Household.dialect != CampaignMember.dialect,
                ),
            ),
        )
        .values(
            wish=select(Household.calling_time).where(its).scalar_subquery(),
            dialect=select(Household.dialect).where(its).scalar_subquery(),
        )
        .execution_options(synchronize_session=False)
    )
