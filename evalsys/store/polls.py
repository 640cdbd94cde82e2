"""Project polls on disk: plans, who may answer, who did, and the answers apart from it."""

import json
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from evalsys.domain.campaign.plan import OVER, State
from evalsys.domain.campaign.policy import Stop
from evalsys.domain.polls import Option, Plan, PollStage, Span, Voiced
from evalsys.errors import NotFound
from evalsys.ids import CampaignId, MemberId
from evalsys.store.campaign_queue import close_uncalled
from evalsys.store.campaigns import ASKED_FOR, PERSON, WAITING, Candidate, candidate, wishes
from evalsys.store.roster import township_of_grids
from evalsys.store.schema.campaigns import CampaignMember, CampaignRow
from evalsys.store.schema.polls import (
    PollBallot,
    PollCampaign,
    PollHousehold,
    PollRow,
    PollTry,
    PollTurnout,
)
from evalsys.store.schema.roster import Grid, Household


@dataclass(frozen=True, slots=True)
class Poll:
    """A poll with whom it asks."""

    id: int
    plan: Plan
    grid_name: str
    as_of: date
    households: int
    planned_by: str


def households_of(db: Session, grids: Sequence[str]) -> Sequence[str]:
    """Name the households of some grids."""
    query = select(Household.code).where(Household.grid.in_(grids)).order_by(Household.code)
    return db.scalars(query).all()


def add(
    db: Session, plan: Plan, households: Sequence[str], *, as_of: date, at: datetime, by: str
) -> int:
    """Keep a poll with the households that may answer; give its number."""
    row = PollRow(
        grid=plan.grid,
        as_of=as_of,
        body=json.dumps(asdict(plan), ensure_ascii=False, default=date.isoformat),
        households=len(households),
        planned_by=by,
        planned_at=at,
    )
    db.add(row)
    db.flush()
    db.execute(
        insert(PollHousehold),
        [{"poll": row.id, "household": code} for code in households],
    )
    return row.id


def poll(db: Session, wanted: int) -> Poll:
    """Return a poll.

    Raises:
        NotFound: there is none of this number.
    """
    found = next(_polls(db, wanted), None)
    if found is None:
        raise NotFound("没有这个项目。", remedy="请从项目列表进入。")
    return found


def polls(db: Session) -> tuple[Poll, ...]:
    """Return every poll, the newest first."""
    return tuple(_polls(db, None))


def _polls(db: Session, wanted: int | None) -> Iterator[Poll]:
    query = select(PollRow, Grid.name).join(Grid, Grid.code == PollRow.grid)
    if wanted is not None:
        query = query.where(PollRow.id == wanted)
    for row, name in db.execute(query.order_by(PollRow.id.desc())):
        yield Poll(row.id, _plan(row.body), name, row.as_of, row.households, row.planned_by)


def may_answer(db: Session, wanted: int, household: str) -> bool:
    """Say whether a household may answer.

    Its row is held, so that guesses sent at once are counted one by one.
    """
    mine = PollHousehold.poll == wanted, PollHousehold.household == household
    row = db.scalar(select(PollHousehold.household).where(*mine).with_for_update())
    return row is not None


def wrong_for(
    db: Session, wanted: int, household: str, address: str, since: datetime
) -> tuple[int, int]:
    """Count the wrong PINs for a household: those from an address, and all."""
    mine = (PollTry.poll == wanted, PollTry.household == household, PollTry.at >= since)
    query = select(func.count().filter(PollTry.address == address), func.count()).where(*mine)
    from_there, from_anywhere = db.execute(query).one()
    return from_there, from_anywhere


def wrong_from(db: Session, address: str, since: datetime) -> int:
    """Count the wrong PINs from an address, in every poll."""
    query = select(func.count()).where(PollTry.address == address, PollTry.at >= since)
    return db.scalar(query) or 0


def note_wrong(db: Session, wanted: int, household: str, address: str, at: datetime) -> None:
    """Count a wrong PIN."""
    typed = {"household": household[:32], "address": address[:64]}
    db.execute(insert(PollTry).values(poll=wanted, at=at, **typed))


def forget_tries(db: Session, before: datetime) -> None:
    """Forget wrong PINs that count no more: where they came from is nobody's business then."""
    db.execute(delete(PollTry).where(PollTry.at < before))


def has_voice(db: Session, wanted: int, stage: PollStage, household: str) -> bool:
    """Say whether a household has answered in a stage."""
    return db.get(PollTurnout, (wanted, stage.value, household)) is not None


def cast(
    db: Session, wanted: int, stage: PollStage, household: str, answer: str, voiced: Voiced
) -> None:
    """Keep that a household answered, and apart from it, what."""
    turned = {"stage": stage.value, "household": household, "voiced": voiced.value}
    db.execute(insert(PollTurnout).values(poll=wanted, **turned))
    said = {"id": secrets.token_hex(16), "stage": stage.value, "answer": answer}
    db.execute(insert(PollBallot).values(poll=wanted, **said))


def counted(
    db: Session, wanted: int
) -> tuple[Mapping[PollStage, Mapping[Voiced, int]], Mapping[PollStage, Mapping[str, int]]]:
    """Count a poll's voices by stage and way, and its answers by stage and answer."""
    turned = select(PollTurnout.stage, PollTurnout.voiced, func.count()).where(
        PollTurnout.poll == wanted
    )
    voices: dict[PollStage, dict[Voiced, int]] = defaultdict(dict)
    for stage, way, count in db.execute(turned.group_by(PollTurnout.stage, PollTurnout.voiced)):
        voices[PollStage(stage)][Voiced(way)] = count
    said = select(PollBallot.stage, PollBallot.answer, func.count())
    whole = said.where(PollBallot.poll == wanted).group_by(PollBallot.stage, PollBallot.answer)
    counts: dict[PollStage, dict[str, int]] = defaultdict(dict)
    for stage, answer, count in db.execute(whole):
        counts[PollStage(stage)][answer] = count
    return voices, counts


@dataclass(frozen=True, slots=True)
class Asked:
    """Which stage of which poll a campaign asks about."""

    poll: int
    stage: PollStage


def add_campaign(db: Session, campaign: CampaignId, asked: Asked) -> None:
    """Keep what a campaign asks about."""
    values = {"campaign": campaign, "poll": asked.poll, "stage": asked.stage.value}
    db.execute(insert(PollCampaign).values(**values))


def asked_by(db: Session, campaign: CampaignId) -> Asked:
    """Return what a campaign asks about."""
    mine = PollCampaign.campaign == campaign
    row = db.execute(select(PollCampaign.poll, PollCampaign.stage).where(mine)).one()
    return Asked(row.poll, PollStage(row.stage))


def campaigns_of(db: Session, wanted: int) -> tuple[tuple[CampaignId, PollStage, State], ...]:
    """List the campaigns of a poll, the oldest first."""
    query = (
        select(PollCampaign.campaign, PollCampaign.stage, CampaignRow.state)
        .join(CampaignRow, CampaignRow.id == PollCampaign.campaign)
        .where(PollCampaign.poll == wanted)
        .order_by(CampaignRow.planned_at, CampaignRow.id)
    )
    return tuple(
        (CampaignId(one), PollStage(s), State(state)) for one, s, state in db.execute(query)
    )


def under_way(db: Session) -> tuple[tuple[CampaignId, Asked], ...]:
    """List the campaigns of polls that are not over."""
    query = (
        select(PollCampaign.campaign, PollCampaign.poll, PollCampaign.stage)
        .join(CampaignRow, CampaignRow.id == PollCampaign.campaign)
        .where(CampaignRow.state.not_in([state.value for state in OVER]))
    )
    return tuple(
        (CampaignId(one), Asked(poll, PollStage(stage))) for one, poll, stage in db.execute(query)
    )


def silent(db: Session, asked: Asked) -> Iterator[Candidate]:
    """Stream the households that may answer in a stage and have not."""
    townships, noted = township_of_grids(db), wishes(db)
    spoke = select(PollTurnout.household).where(
        PollTurnout.poll == asked.poll, PollTurnout.stage == asked.stage.value
    )
    query = (
        select(Household.grid, *ASKED_FOR)
        .join(PollHousehold, PollHousehold.household == Household.code)
        .where(PollHousehold.poll == asked.poll, Household.code.not_in(spoke))
        .order_by(Household.code)
    )
    for grid, *row in db.execute(query):
        yield candidate(f"poll-{asked.poll}", "", townships[grid], noted, *row)


def spoken(db: Session, members: Sequence[MemberId]) -> frozenset[str]:
    """Name those of some cases whose households gave their voice in the stage asked about."""
    query = (
        select(CampaignMember.id)
        .join(PollCampaign, PollCampaign.campaign == CampaignMember.campaign)
        .join(
            PollTurnout,
            (PollTurnout.poll == PollCampaign.poll)
            & (PollTurnout.stage == PollCampaign.stage)
            & (PollTurnout.household == CampaignMember.household),
        )
        .where(CampaignMember.id.in_(members))
    )
    return frozenset(db.scalars(query))


def close_cases(db: Session, asked: Asked, household: str) -> None:
    """Call a household no more that gave its voice another way."""
    asking = select(PollCampaign.campaign).where(
        PollCampaign.poll == asked.poll, PollCampaign.stage == asked.stage.value
    )
    waiting = select(CampaignMember.id).where(
        CampaignMember.campaign.in_(asking),
        CampaignMember.household == household,
        CampaignMember.state.in_((WAITING, PERSON)),
    )
    for member in db.scalars(waiting).all():
        close_uncalled(db, MemberId(member), Stop.SPOKEN)


def who_may_answer(db: Session, wanted: int) -> Sequence[tuple[str, str]]:
    """Name each household that may answer with its head, for the sealed letters."""
    query = (
        select(PollHousehold.household, Household.head)
        .outerjoin(Household, Household.code == PollHousehold.household)
        .where(PollHousehold.poll == wanted)
        .order_by(PollHousehold.household)
    )
    return [(code, head or "") for code, head in db.execute(query)]


def _plan(body: str) -> Plan:
    table = json.loads(body)
    return Plan(
        table["title"],
        table["grid"],
        table["yuan"],
        tuple(Option(**one) for one in table["options"]),
        tuple(
            Span(
                PollStage(one["stage"]),
                date.fromisoformat(one["opens"]),
                date.fromisoformat(one["closes"]),
            )
            for one in table["spans"]
        ),
    )
