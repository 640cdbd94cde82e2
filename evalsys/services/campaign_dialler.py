"""The dialler of campaigns: takes cases that are due, as many as the lines allow, and calls them.

Any number of diallers may run, in one process or several. The row of the lines is locked while
one of them takes cases, the cases are marked as being called and the attempts are written, all in
one transaction; the carrier is asked after it. A dialler that is killed leaves attempts that any
other one looks for at the carrier: they are adopted, or void, never repeated.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.campaign.calendar import read_window
from evalsys.domain.campaign.pace import grant, spent
from evalsys.domain.campaign.plan import Campaign, Kind, State
from evalsys.domain.campaign.policy import Contact, Stop, Tried
from evalsys.errors import AnswerLost, InvalidInput, LineDown, Tampered
from evalsys.ids import AttemptId, CampaignId, new_id
from evalsys.ports import CallGateway
from evalsys.services.campaign_calls import CampaignCalls
from evalsys.services.campaign_cases import close_contact, still_to_ask
from evalsys.store import audit, campaign_due, campaign_links, polls
from evalsys.store import campaign_figures as figures
from evalsys.store import campaign_queue as queue
from evalsys.store import campaigns as store
from evalsys.store.campaign_answers import forget_pending
from evalsys.store.campaign_queue import CampaignCall, Case
from evalsys.store.database import Database
from evalsys.store.numbers import SealedNumber, numbers_of
from evalsys.store.phone_box import PhoneBox
from evalsys.store.protection import never_called

ACTOR = "system:campaign-dialler"
POLL_S = 0.25
GATHER_S = 0.1
"""Between two takes: lines that fall free meanwhile are filled together, in one transaction."""
AT_ONCE = 8
"""Requests to the carrier that one dialler has open at a time."""
MOST_TAKEN = 64
_BUSY_FOR = timedelta(minutes=2)
_SETTLED_AFTER = timedelta(seconds=12)
_STUCK_AFTER = timedelta(seconds=30)
_ASKED_AFTER = 20
_HANDS_ON_EVERY = timedelta(seconds=5)
"""Comments wait two minutes for their words: more than a look now and then they need not."""
_REST = timedelta(seconds=2)
"""After the carrier said that it is busy or away, nothing is taken for so long."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Taken:
    call: CampaignCall
    number: str


class CampaignDialler:
    """Places the calls of every campaign that runs."""

    def __init__(
        self,
        database: Database,
        calls: CampaignCalls,
        gateway: CallGateway,
        box: PhoneBox,
        now: Clock,
        zone: ZoneInfo,
    ) -> None:
        """Dial over `gateway`; what the carrier reports goes to `calls`."""
        self._database = database
        self._calls = calls
        self._gateway = gateway
        self._box = box
        self._now = now
        self._zone = zone
        self._rests_until: datetime | None = None
        self._handed_on_at = datetime.min.replace(tzinfo=UTC)

    def run(self, stop: Event, *, poll_s: float = POLL_S) -> None:
        """Dial until `stop` is set; no failure ends the loop."""
        while not stop.is_set():
            placed = 0
            try:
                placed = self.tick(self._now())
            except Exception:  # noqa: BLE001 - the loop outlives whatever breaks in one round
                _log.exception("campaign dialler tick failed; it is repeated")
            stop.wait(GATHER_S if placed else poll_s)

    def tick(self, now: datetime) -> int:
        """Ask after calls that fell silent, then call who is due at `now`; return how many."""
        if abs(now - self._handed_on_at) >= _HANDS_ON_EVERY:  # a clock may be set back
            self._calls.hand_on_waiting_comments()
            self._handed_on_at = now
        with self._database.read() as db:
            silent = queue.unheard(db, since=now - _SETTLED_AFTER, limit=_ASKED_AFTER)
            is_on = bool(store.running(db))
        self._ask_after(silent, now)
        if self._rests_until is not None and now < self._rests_until:
            return 0
        taken = self._take(now) if is_on else []
        if taken:
            self._place(taken, now)
        return len(taken)

    # --- taking cases -------------------------------------------------------------------

    def _take(self, now: datetime) -> list[_Taken]:
        with self._database.write() as db:
            lines, bucket = store.trunk(db, alone=True)
            ours, live = campaign_due.calls_under_way(db)
            granted, bucket = grant(bucket, lines, now, in_use=ours, live=live)
            holidays = frozenset(store.holidays(db))
            running = store.running(db)
            calling = [one for one in running.values() if self._is_open(one, holidays, now)]
            cases = campaign_due.due_cases(
                db,
                [one.id for one in calling],
                now,
                min(granted, MOST_TAKEN),
                after_links=[one.id for one in calling if one.rules.links_first],
            )
            taken = list(self._taken(db, running, cases, holidays, now)) if cases else []
            queue.add_calls(db, [each.call for each in taken])
            store.keep_bucket(db, spent(bucket, len(taken)))
            if not cases:
                self._finish_empty(db, running.values(), now)
            if taken:
                detail = {"numbers": len(taken)}
                audit.record(db, now, ACTOR, "phone.read", "campaign", detail)
            return taken

    def _taken(
        self,
        db: Session,
        running: Mapping[CampaignId, Campaign],
        cases: tuple[Case, ...],
        holidays: frozenset[date],
        now: datetime,
    ) -> Iterator[_Taken]:
        households = [each.household for each in cases]
        busy = set(campaign_due.busy_households(db, households))
        numbers = numbers_of(db, households)
        answered = queue.answered_topics(db, [each.id for each in cases])
        never = never_called(db, households)
        spoken = frozenset[str]()
        if any(running[each.campaign].kind is Kind.POLL for each in cases):
            spoken = polls.spoken(db, [each.id for each in cases])
        for case in cases:
            campaign = running[case.campaign]
            if case.id in spoken or case.household in never:
                stop = Stop.SPOKEN if case.id in spoken else never[case.household]
                queue.close_uncalled(db, case.id, stop)
                forget_pending(db, case.id)
                continue
            later = self._later(campaign, case, holidays, now)
            if later is not None or case.household in busy:
                queue.put_off(db, case.id, later or now + _BUSY_FOR)
                continue
            number = self._opened(numbers.get(case.household))
            if not number:
                dead = Tried(Contact.DEAD_NUMBER, now)
                close_contact(db, campaign, case, dead, ACTOR, self._zone)
                continue
            busy.add(case.household)
            call = CampaignCall(
                id=AttemptId(new_id()),
                campaign=case.campaign,
                member=case.id,
                household=case.household,
                n=case.attempts + 1,
                asks=still_to_ask(case, answered.get(case.id, frozenset())),
                placed_at=now,
                heard_at=now,
            )
            yield _Taken(call, number)

    def _later(
        self, campaign: Campaign, case: Case, holidays: frozenset[date], now: datetime
    ) -> datetime | None:
        """Return when a household's own time comes round again, if it is not now."""
        if not case.wish:
            return None
        calendar = campaign.rules.calendar(self._zone, holidays)
        opens = calendar.next_open(now, preferred=read_window(case.wish))
        return opens if opens > now else None

    def _is_open(self, campaign: Campaign, holidays: frozenset[date], now: datetime) -> bool:
        return campaign.rules.calendar(self._zone, holidays).is_open(now)

    def _opened(self, number: SealedNumber | None) -> str:
        if number is None:
            return ""
        try:
            return self._box.open(number.sealed, number.row)
        except Tampered:
            _log.exception("a number does not open; the household is not called")
            return ""

    def _finish_empty(self, db: Session, running: Iterable[Campaign], now: datetime) -> None:
        """Close the campaigns in which nobody is left to call."""
        for campaign in running:
            if figures.is_open(db, campaign.id) or campaign_links.are_open(db, campaign.id, now):
                continue
            store.keep_state(db, campaign.id, State.DONE)
            store.add_change(db, campaign.id, State.DONE, now, ACTOR)

    # --- placing calls ------------------------------------------------------------------

    def _place(self, taken: list[_Taken], now: datetime) -> None:
        sids: dict[AttemptId, str] = {}

        def place(one: _Taken) -> None:
            sid = self._dialled(one, now)
            if sid:
                sids[one.call.id] = sid

        if len(taken) == 1:
            place(taken[0])
        else:
            with ThreadPoolExecutor(min(AT_ONCE, len(taken))) as pool:
                list(pool.map(place, taken))
        if sids:
            self._calls.placed(sids)

    def _dialled(self, one: _Taken, now: datetime) -> str:
        """Ask the carrier for one call; nothing unless it surely took it."""
        try:
            return self._gateway.dial(one.call.id, one.number, door="campaign")
        except InvalidInput:
            self._calls.never_placed(one.call.id, number_is_bad=True)
        except AnswerLost:
            # It may ring: only the carrier's own list can tell, once the request is over.
            self._rests_until = now + _REST
        except LineDown as down:
            _log.warning("the line is down: %s", down.what)
            self._rests_until = now + _REST
            self._calls.never_placed(one.call.id)
        return ""

    # --- calls that fell silent ---------------------------------------------------------

    def _ask_after(self, silent: Iterable[CampaignCall], now: datetime) -> None:
        for call in silent:
            question: Callable[[CampaignCall], None] | None = None
            if not call.sid:
                question = self._look_for
            elif call.heard_at <= now - _STUCK_AFTER:
                question = self._fetch
            if question is None:
                continue
            try:
                question(call)
            except LineDown:
                self._calls.checked(call.id)

    def _look_for(self, call: CampaignCall) -> None:
        """Find the call of an attempt whose answer from the carrier never came."""
        with self._database.write() as db:
            audit.record(db, self._now(), ACTOR, "phone.read", "campaign", {"numbers": 1})
            number = self._opened(numbers_of(db, [call.household]).get(call.household))
        found = self._gateway.calls_to(number, call.placed_at) if number else ()
        with self._database.read() as db:
            known = queue.known_sids(db, [each.sid for each in found])
        strange = [each for each in found if each.sid not in known]
        if strange:
            self._calls.report(call.id, strange[0])
        else:
            self._calls.never_placed(call.id)

    def _fetch(self, call: CampaignCall) -> None:
        """Ask after a call whose callbacks were lost."""
        view = self._gateway.fetch(call.sid)
        if view is None:
            self._calls.gone(call.id, call.sid)
        else:
            self._calls.report(call.id, view)
            self._calls.checked(call.id)
