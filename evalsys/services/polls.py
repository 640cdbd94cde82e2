"""Project polls: planned by the office, answered by households, told when a stage is over."""

import hmac
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from evalsys.clock import Clock
from evalsys.domain.access import Person
from evalsys.domain.campaign.plan import OVER, Kind, Rules
from evalsys.domain.campaign.wanted import LONGEST_TITLE, Wanted
from evalsys.domain.local_date import local_date
from evalsys.domain.polls import (
    GUESSED_WITHIN,
    STAGE_WORDS,
    TRIED_WITHIN,
    WRONG_A_HOUSEHOLD,
    WRONG_AN_ADDRESS,
    WRONG_IN_ALL,
    Plan,
    PollStage,
    StageResult,
    Voiced,
    check_plan,
    check_voice,
    chosen,
    results,
)
from evalsys.domain.scoring import HIDE_BELOW
from evalsys.errors import InvalidInput, RuleViolation, TooManyTries
from evalsys.ids import CampaignId
from evalsys.services.campaigns import Campaigns
from evalsys.services.poll_voices import PIN_DIGITS, PollPins
from evalsys.store import audit
from evalsys.store import casework_people as people
from evalsys.store import polls as store
from evalsys.store.database import Database
from evalsys.store.polls import Poll

ACTOR = "system:polls"


@dataclass(frozen=True, slots=True)
class PollPage:
    """A poll as everybody may see it today."""

    poll: Poll
    today: date
    results: tuple[StageResult, ...]
    built: tuple[int, ...]
    """Numbers of the projects that were chosen, the most wanted first."""
    asking: CampaignId | None = None
    """The campaign that asks about the stage of today, while it is not over."""

    @property
    def stage(self) -> PollStage | None:
        """The stage that runs today."""
        running = self.poll.plan.running(self.today)
        return None if running is None else running.stage


class Polls:
    """Every project poll of the county."""

    def __init__(
        self, database: Database, key: bytes, now: Clock, zone: ZoneInfo, plans: Campaigns
    ) -> None:
        """Keep polls in `database`; PINs are computed from `key`, days are those of `zone`.

        Households are asked by telephone through `plans`.
        """
        self._database = database
        self._pins = PollPins.of(key)
        self._now = now
        self._zone = zone
        self._plans = plans

    def today(self) -> date:
        """Return the county's day."""
        return local_date(self._now(), self._zone)

    def plan(self, wanted: Plan, by: Person) -> int:
        """Keep a poll; the households of the grid as of today, and of those below, may answer.

        Raises:
            InvalidInput: the plan cannot be carried out, or nobody lives there.
        """
        check_plan(wanted, self.today())
        with self._database.write() as db:
            tree = people.grid_tree(db)
            if wanted.grid not in tree.cells:
                raise InvalidInput("没有这个网格。", remedy="请核对网格编码。", place="网格")
            grids = [code for code in tree.cells if tree.contains(wanted.grid, code)]
            households = store.households_of(db, grids)
            if not households:
                raise InvalidInput(
                    "这个网格没有联系户。", remedy="请核对网格编码，或先导入花名册。", place="网格"
                )
            now, today = self._now(), self.today()
            number = store.add(db, wanted, households, as_of=today, at=now, by=by.name)
            detail = {"grid": wanted.grid, "households": len(households)}
            audit.record(db, now, by.name, "poll.plan", f"poll:{number}", detail)
            return number

    def every(self) -> tuple[Poll, ...]:
        """Return every poll, the newest first."""
        with self._database.read() as db:
            return store.polls(db)

    def page(self, poll: int) -> PollPage:
        """Return a poll with what may be told of it today.

        Raises:
            NotFound: there is no such poll.
        """
        with self._database.read() as db:
            found = store.poll(db, poll)
            voices, counts = store.counted(db, poll)
            campaigns = store.campaigns_of(db, poll)
        today = self.today()
        told = results(found.plan, found.households, voices, counts, today, HIDE_BELOW)
        running = found.plan.running(today)
        asking = next(
            (
                campaign
                for campaign, stage, state in campaigns
                if running is not None and stage is running.stage and state not in OVER
            ),
            None,
        )
        return PollPage(found, today, told, tuple(chosen(found.plan, told[0])), asking)

    def ask(self, poll: int, rules: Rules, by: Person) -> CampaignId:
        """Ask by telephone every household that may answer in today's stage and has not.

        The campaign begins at once; operators may pause and stop it as any other.

        Raises:
            NotFound: there is no such poll.
            WrongPhase: no stage runs, or a campaign asks about it already.
            RuleViolation: everybody has answered.
            InvalidInput: the rules cannot be meant.
        """
        with self._database.write() as db:
            found, today = store.poll(db, poll), self.today()
            running = found.plan.running(today)
            stage = PollStage.CHOOSE if running is None else running.stage
            title = f"{STAGE_WORDS[stage]}：{found.plan.title}"[:LONGEST_TITLE]
            wanted = Wanted(Kind.POLL, title, rules=rules, poll=poll)
            campaign, _reckoned = self._plans.plan_within(db, wanted, actor=by.name)
            self._plans.start_within(db, campaign.id, actor=by.name)
            return campaign.id

    def end_past(self) -> None:
        """Stop the campaigns whose stage is over: what is answered now would not count."""
        today = self.today()
        with self._database.read() as db:
            over = [
                campaign
                for campaign, asked in store.under_way(db)
                if store.poll(db, asked.poll).plan.span(asked.stage).closes < today
            ]
        for campaign in over:
            self._plans.stop(campaign, actor=ACTOR)

    def speak(  # noqa: PLR0913 - whose voice, of what, from where
        self,
        poll: int,
        household: str,
        pin: str,
        stage: PollStage,
        answer: str,
        *,
        address: str = "",
        by: Person | None = None,
    ) -> None:
        """Take the voice of a household; `by` writes down what it said on the telephone.

        Wrong PINs are counted by household and by `address`; somebody of the county has none.

        Raises:
            NotFound: there is no such poll.
            WrongPhase: the stage does not run.
            InvalidInput: no answer of the stage, or household and PIN do not belong to the poll.
            RuleViolation: the household has answered.
            TooManyTries: its PIN was guessed at, or this address guessed, too often of late.
        """
        code, now = household.strip(), self._now()
        came_from = "" if by is not None else address
        with self._database.write() as db:
            found = store.poll(db, poll)
            check_voice(found.plan, stage, answer, self.today())
            store.forget_tries(db, now - max(GUESSED_WITHIN, TRIED_WITHIN))
            may_answer = store.may_answer(db, poll, code)
            here, anywhere = store.wrong_for(db, poll, code, came_from, now - GUESSED_WITHIN)
            is_shut = here >= WRONG_A_HOUSEHOLD or anywhere >= WRONG_IN_ALL
            tried = store.wrong_from(db, came_from, now - TRIED_WITHIN) if came_from else 0
            is_blocked = is_shut or tried >= WRONG_AN_ADDRESS
            is_right = (
                may_answer
                and not is_blocked
                and hmac.compare_digest(self.pin_of(poll, code).encode(), pin.strip().encode())
            )
            if is_right:
                if store.has_voice(db, poll, stage, code):
                    raise RuleViolation(
                        "您家这一阶段已经回答过，一户一票。", remedy="下一阶段开始后请再来。"
                    )
                voiced = Voiced.PAGE if by is None else Voiced.PHONE
                store.cast(db, poll, stage, code, answer, voiced)
                store.close_cases(db, store.Asked(poll, stage), code)
                if by is not None:
                    detail = {"stage": stage.value, "household": code}
                    audit.record(db, now, by.name, "poll.phone", f"poll:{poll}", detail)
            elif not is_blocked:
                store.note_wrong(db, poll, code, came_from, now)
        if is_shut:
            raise TooManyTries(
                "这一户的密码错得太多。",
                remedy="请核对信上的户编号和密码，过一小时再试，或请县联系办代记。",
            )
        if is_blocked:
            raise TooManyTries("试得太多了。", remedy="请过一刻钟再试，或请县联系办代记。")
        if not is_right:
            raise InvalidInput(
                f"户编号或密码不对：只有{found.grid_name}的住户，凭信里的密码参加。",
                remedy=f"请核对信上的户编号和 {PIN_DIGITS} 位密码。",
                place="户编号和密码",
            )

    def letters(self, poll: int, by: Person) -> tuple[tuple[str, str, str], ...]:
        """Give household, head and PIN for the sealed letters; audited.

        Raises:
            NotFound: there is no such poll.
        """
        with self._database.write() as db:
            store.poll(db, poll)
            homes = store.who_may_answer(db, poll)
            detail = {"households": len(homes)}
            audit.record(db, self._now(), by.name, "poll.letters", f"poll:{poll}", detail)
        return tuple((code, head, self.pin_of(poll, code)) for code, head in homes)

    def pin_of(self, poll: int, household: str) -> str:
        """Return a household's PIN in a poll: computed, kept nowhere."""
        return self._pins.pin_of(poll, household)
