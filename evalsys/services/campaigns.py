"""Campaigns as people run them: plan, start, pause, stop, look at, take out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.campaign.cases import Rated, VisitRow, rated
from evalsys.domain.campaign.forecast import Forecast, Trunk, forecast_campaign
from evalsys.domain.campaign.plan import (
    OVER,
    Campaign,
    Kind,
    Rules,
    State,
    check_may_become,
    check_rules,
)
from evalsys.domain.campaign.policy import Contact, Stop, Tried
from evalsys.domain.campaign.wanted import Wanted, check_wanted
from evalsys.domain.casework.rule_changes import CalendarVersion
from evalsys.domain.interview import Script
from evalsys.domain.interview_arrangement import arrange
from evalsys.domain.local_date import local_date
from evalsys.domain.protection import Protection
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CampaignId, HouseholdCode, MemberId, new_id
from evalsys.services.campaign_cases import close_contact
from evalsys.services.campaign_electorate import stage_asked, who_is_asked
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.store import audit, campaign_callbacks, campaign_lists, polls
from evalsys.store import campaign_figures as figures
from evalsys.store import campaign_queue as queue
from evalsys.store import campaigns as store
from evalsys.store.campaign_callbacks import Answers
from evalsys.store.campaigns import Candidate, Change, Wish
from evalsys.store.casework_lists import make_up_days
from evalsys.store.casework_rules import keep_calendar
from evalsys.store.database import Database

MOST_CHANNELS = 10_000
MOST_HOLIDAYS = 400
BY_HAND = frozenset({Contact.AGREED, Contact.REFUSED, Contact.NO_ANSWER, Contact.REFUSED_FOR_GOOD})
"""What a person who spoke with a household may note."""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything that people see of a campaign."""

    campaign: Campaign
    members: int
    life: tuple[Change, ...]
    states: Mapping[str, int]
    stops: Mapping[str, int]
    codes: Sequence[tuple[str, int]]
    contacts: Mapping[Contact, int]
    needs_new_number: int
    lines_in_use: int
    attempts: int
    trunk: Trunk
    whole: Rated
    ends_at: datetime | None
    """Reckoned from the cases that are still open; absent when the campaign does not run."""
    callback: Answers | None = None
    """What households said of their closed requests, in a callback."""


class Campaigns:
    """Every campaign of this installation."""

    def __init__(
        self, database: Database, scripts: InterviewScripts, now: Clock, zone: ZoneInfo
    ) -> None:
        """Ask by the newest of `scripts` that has the campaign's kind for a name."""
        self._database = database
        self._scripts = scripts
        self._now = now
        self._zone = zone

    def now(self) -> datetime:
        """Return the present."""
        return self._now()

    # --- planning -----------------------------------------------------------------------

    def plan(self, wanted: Wanted, *, actor: str) -> tuple[Campaign, Forecast]:
        """Freeze who is asked about whom, and say how long it will take; nobody is called yet.

        Raises:
            InvalidInput: something about the plan cannot be meant, or nobody would be asked.
        """
        with self._database.write() as db:
            return self.plan_within(db, wanted, actor=actor)

    def plan_within(self, db: Session, wanted: Wanted, *, actor: str) -> tuple[Campaign, Forecast]:
        """Plan as `plan` does, in a transaction that somebody else began and commits."""
        check_wanted(wanted)
        now = self._now()
        poll = None
        if wanted.kind is Kind.POLL:
            poll = stage_asked(db, wanted, local_date(now, self._zone))
        name = f"poll-{poll.stage}" if poll else wanted.kind.value
        script = self._scripts.to_use(db, name, actor)
        campaign = Campaign(
            CampaignId(new_id()),
            wanted.kind,
            wanted.title.strip(),
            State.PLANNED,
            script.sha256,
            check_rules(wanted.rules),
            wanted.about.strip(),
            wanted.pledge.strip(),
        )
        candidates = who_is_asked(db, campaign.id, wanted, poll)
        store.add_campaign(db, campaign, members=len(candidates), at=now)
        if poll is not None:
            polls.add_campaign(db, campaign.id, poll)
        if wanted.kind is Kind.CALLBACK:
            cases = tuple(self._cases(script, candidates))
            store.add_members(db, campaign.id, cases)
            campaign_callbacks.add(db, ((member, one.closed) for member, one, *_ in cases))
        else:
            store.add_members(db, campaign.id, self._cases(script, candidates))
        store.add_change(db, campaign.id, State.PLANNED, now, actor)
        lines, _ = store.trunk(db)
        calendar = campaign.rules.calendar(self._zone, frozenset(store.holidays(db)))
        reckoned = forecast_campaign(len(candidates), lines, calendar, now=now)
        told = {"members": len(candidates)}
        audit.record(db, now, actor, "campaign.plan", f"campaign:{campaign.id}", told)
        return campaign, reckoned

    @staticmethod
    def _cases(
        script: Script, candidates: Iterable[Candidate]
    ) -> Iterator[tuple[MemberId, Candidate, str, Stop | None]]:
        for one in candidates:
            member = MemberId(new_id())
            stop = None
            if one.protection is Protection.NO_CALLS:
                stop = Stop.PROTECTED
            elif one.asked_for.do_not_call:
                stop = Stop.DO_NOT_CALL
            yield member, one, arrange(script, member).written(), stop

    def reckon(self, households: int, rules: Rules, lines: Trunk | None = None) -> Forecast:
        """Say how long a campaign over so many households would take from now on.

        On the lines of this installation, unless others are given.
        """
        with self._database.read() as db:
            lines = lines or store.trunk(db)[0]
            calendar = rules.calendar(self._zone, frozenset(store.holidays(db)))
        return forecast_campaign(households, lines, calendar, now=self._now())

    # --- running ------------------------------------------------------------------------

    def start(self, campaign: CampaignId, *, actor: str) -> None:
        """Let a campaign call, or go on calling after a pause.

        Raises:
            WrongPhase: it is over.
        """
        with self._database.write() as db:
            self.start_within(db, campaign, actor=actor)

    def start_within(self, db: Session, campaign: CampaignId, *, actor: str) -> None:
        """Start as `start` does, in a transaction that somebody else began and commits."""
        self._become(db, campaign, State.RUNNING, actor)

    def pause(self, campaign: CampaignId, *, actor: str) -> None:
        """Take no further case; calls under way go on to their end."""
        with self._database.write() as db:
            self._become(db, campaign, State.PAUSED, actor)

    def stop(self, campaign: CampaignId, *, actor: str) -> None:
        """End a campaign for good; what is open is coded as it stands."""
        with self._database.write() as db:
            self._become(db, campaign, State.STOPPED, actor)

    def _become(self, db: Session, wanted: CampaignId, state: State, actor: str) -> None:
        campaign = store.campaign(db, wanted, alone=True)
        if campaign.state is state:
            return
        check_may_become(campaign.state, state)
        now = self._now()
        if state is State.RUNNING:
            calendar = campaign.rules.calendar(self._zone, frozenset(store.holidays(db)))
            store.make_due(db, wanted, calendar.next_open(now))
        if state is State.STOPPED and campaign.kind is Kind.CALLBACK:
            campaign_callbacks.forget_unfinished(db, wanted)
        store.keep_state(db, wanted, state)
        store.add_change(db, wanted, state, now, actor)
        audit.record(db, now, actor, f"campaign.{state}", f"campaign:{wanted}")

    def note_by_hand(
        self, campaign: CampaignId, household: HouseholdCode, contact: Contact, *, actor: str
    ) -> None:
        """Note what a person learnt who spoke with a household that had refused.

        Raises:
            NotFound: no case of the campaign is about this household.
            InvalidInput: nobody can note this by hand.
            RuleViolation: the case does not wait for a person.
        """
        if contact not in BY_HAND:
            raise InvalidInput("不能人工登记这种结果。", remedy="请从列表中选择。", place="contact")
        with self._database.write() as db:
            cases = queue.cases_with_a_person(db, campaign, household)
            if not cases:
                raise RuleViolation(
                    "这一户现在不等人工回访。", remedy="请刷新名单，看看这一户的现状。"
                )
            found, now = store.campaign(db, campaign), self._now()
            for case in cases:
                close_contact(db, found, case, Tried(contact, now), actor, self._zone)
            subject = f"campaign:{campaign}"
            audit.record(db, now, actor, "campaign.by_hand", subject, {"contact": contact.value})

    # --- looking ------------------------------------------------------------------------

    def every(self) -> tuple[tuple[Campaign, int], ...]:
        """Return every campaign with its number of cases, the newest first."""
        with self._database.read() as db:
            return store.campaigns(db)

    def one(self, wanted: CampaignId) -> Campaign:
        """Return a campaign.

        Raises:
            NotFound: there is no such campaign.
        """
        with self._database.read() as db:
            return store.campaign(db, wanted)

    def status(self, wanted: CampaignId) -> Status:
        """Count how a campaign stands at this moment.

        Raises:
            NotFound: there is no such campaign.
        """
        with self._database.read() as db:
            campaign = store.campaign(db, wanted)
            states = figures.states_of(db, wanted)
            codes = figures.codes_of(db, wanted)
            lines_in_use, attempts = figures.progress(db, wanted)
            lines, _ = store.trunk(db)
            calendar = campaign.rules.calendar(self._zone, frozenset(store.holidays(db)))
            still_open = sum(states.values()) - states.get(store.CLOSED, 0)
            ends_at = None
            if campaign.state not in OVER and still_open:
                now = self._now()
                ends_at = forecast_campaign(still_open, lines, calendar, now=now).ends_at
            return Status(
                campaign=campaign,
                members=sum(states.values()),
                life=store.changes(db, wanted),
                states=states,
                stops=figures.stops_of(db, wanted),
                codes=codes,
                contacts=figures.contacts_of(db, wanted),
                needs_new_number=figures.new_numbers_needed(db, wanted),
                lines_in_use=lines_in_use,
                attempts=attempts,
                trunk=lines,
                whole=rated("", campaign.title, codes),
                ends_at=ends_at,
                callback=(
                    campaign_callbacks.answers(db, wanted)
                    if campaign.kind is Kind.CALLBACK
                    else None
                ),
            )

    def next_due(self, wanted: CampaignId) -> tuple[datetime | None, int]:
        """Return when the next waiting case is due, if any, and how many calls are under way."""
        with self._database.read() as db:
            return figures.earliest_due(db, wanted), figures.calls_under_way(db, wanted)

    def rates(self, wanted: CampaignId, group: str) -> tuple[Rated, ...]:
        """Compute the rates of each cadre ("about"), "unit" or "township" of a campaign."""
        with self._database.read() as db:
            store.campaign(db, wanted)
            names = figures.place_names(db)
            return tuple(
                rated(place, names.get(place, place), codes)
                for place, codes in figures.codes_by(db, wanted, group)
            )

    def visit_list(self, wanted: CampaignId, *, actor: str) -> tuple[VisitRow, ...]:
        """List the households that somebody has to go to or speak with; audited.

        Refusals for good and whoever answered are not on it.
        """
        with self._database.write() as db:
            store.campaign(db, wanted)
            rows = campaign_lists.visit_rows(db, wanted)
            detail = {"households": len(rows)}
            audit.record(db, self._now(), actor, "campaign.visits", f"campaign:{wanted}", detail)
            return rows

    def letters(self, wanted: CampaignId, *, actor: str) -> Iterator[tuple[HouseholdCode, str]]:
        """Name each household of a campaign with its head, for the sealed letters; audited."""
        with self._database.write() as db:
            store.campaign(db, wanted)
            audit.record(db, self._now(), actor, "campaign.letters", f"campaign:{wanted}")
            yield from campaign_lists.heads_of_members(db, wanted)

    # --- lines, holidays, wishes --------------------------------------------------------

    def lines(self) -> Trunk:
        """Return the lines to the carrier."""
        with self._database.read() as db:
            return store.trunk(db)[0]

    def set_lines(self, lines: Trunk, *, actor: str) -> None:
        """Change how many lines there are, how many stay reserved, and the pace.

        Raises:
            InvalidInput: no line would be left, or the numbers cannot be meant.
        """
        if not 0 <= lines.reserved < lines.channels <= MOST_CHANNELS:
            raise InvalidInput(
                f"线路 {lines.channels} 条、预留 {lines.reserved} 条不可用。",
                remedy=f"线路最多 {MOST_CHANNELS} 条，预留必须少于线路总数。",
                place="channels",
            )
        if not 0 < lines.calls_a_second <= MOST_CHANNELS:
            raise InvalidInput("每秒拨打数必须大于 0。", remedy="请改大。", place="calls_a_second")
        with self._database.write() as db:
            store.keep_trunk(db, lines)
            detail = {"channels": lines.channels, "reserved": lines.reserved}
            audit.record(db, self._now(), actor, "lines.set", "trunk:main", detail)

    def holidays(self) -> Mapping[date, str]:
        """Return the days on which nobody is called."""
        with self._database.read() as db:
            return store.holidays(db)

    def set_holidays(self, days: Mapping[date, str], *, actor: str) -> None:
        """Replace the table of holidays.

        Raises:
            InvalidInput: there are more than anybody could mean, or a name is too long.
        """
        if len(days) > MOST_HOLIDAYS or any(len(name) > 50 for name in days.values()):
            raise InvalidInput(
                "节假日表过长。", remedy=f"最多 {MOST_HOLIDAYS} 天，名称不超过 50 字。"
            )
        with self._database.write() as db:
            at = self._now()
            keep_calendar(db, CalendarVersion(days, make_up_days(db), actor, at))
            audit.record(db, at, actor, "holidays.set", "calling", {"days": len(days)})

    def unspoken(self, campaign: CampaignId) -> Mapping[str, int]:
        """Count the households whose dialect the campaign's script lacks: they hear Mandarin.

        Raises:
            NotFound: there is no such campaign.
        """
        with self._database.read() as db:
            asked = self._scripts.of(store.campaign(db, campaign).script)
            wanted = campaign_lists.dialects_of(db, campaign)
        spoken = asked.dialects if asked is not None else {}
        return {code: number for code, number in wanted.items() if code not in spoken}

    def note_wish(
        self,
        household: HouseholdCode,
        *,
        actor: str,
        do_not_call: bool | None = None,
        window: str | None = None,
        dialect: str | None = None,
    ) -> None:
        """Note what a household asked for: no calls, its own time, its dialect.

        Raises:
            InvalidInput: the roster has no such household, or the time is no span.
        """
        if window:
            read_window(window, "window")
        with self._database.write() as db:
            if not store.knows_household(db, household):
                raise InvalidInput(
                    f"名册中没有这一户：{household[:32]}。",
                    remedy="请核对户编号。",
                    place="household",
                )
            known = store.wish_of(db, household)
            changed = {"do_not_call": do_not_call, "wish": window, "dialect": dialect}
            given = {name: value for name, value in changed.items() if value is not None}
            wish: Wish = replace(known, noted_by=actor, **given)  # type: ignore[arg-type]  # fields by name
            store.keep_wish(db, wish, self._now())
            campaign_lists.apply_wish(db, wish)
            audit.record(db, self._now(), actor, "household.wish", "household", {})
