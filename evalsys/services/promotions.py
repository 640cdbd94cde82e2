"""Promotion procedures: proposed, made public, judged by the households, decided (Y62-Y65)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from evalsys.domain import promotion_events as e
from evalsys.domain import promotion_steps as steps
from evalsys.domain.campaign.plan import OVER, Kind
from evalsys.domain.campaign.standing import Standing
from evalsys.domain.campaign.wanted import LONGEST_TITLE, Electorate, Wanted
from evalsys.domain.casebook import Paper
from evalsys.domain.personnel_decisions import check_not_barred
from evalsys.domain.promotion import Procedure
from evalsys.domain.roster import CadreCard
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import CadreNumber, CampaignId, new_id
from evalsys.services.access import must_be_two_people
from evalsys.services.campaign_outcomes import CampaignOutcomes
from evalsys.services.campaigns import Campaigns
from evalsys.services.personnel import Personnel
from evalsys.store import audit, campaign_figures, campaign_results
from evalsys.store import campaigns as campaign_store
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import PROCEDURES
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards, note_probation

MOST_AT_ONCE: Final = 200
WORDS_LIMIT: Final = 4000
"""Characters that an objection may have."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate and the post proposed."""

    cadre: CadreNumber
    post: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How an appraisal that is being held stands; figures of calls, never an answer."""

    standing: Standing | None
    is_over: bool
    is_open: bool
    """Whether the ballots are opened, so that the result can be entered."""


class Promotions:
    """Every promotion procedure of this installation."""

    def __init__(
        self,
        database: Database,
        personnel: Personnel,
        campaigns: Campaigns,
        outcomes: CampaignOutcomes,
        safe: PaperSafe,
    ) -> None:
        """Advise by `personnel`, ask through `campaigns`; `safe` keeps what is sealed."""
        self._database = database
        self._personnel = personnel
        self._campaigns = campaigns
        self._outcomes = outcomes
        self._safe = safe

    def today(self) -> date:
        """Return the day in the county."""
        return self._personnel.today()

    # --- reading ------------------------------------------------------------------------

    def every(self) -> tuple[tuple[Procedure, CadreCard | None], ...]:
        """Return every procedure with who is proposed, the newest first."""
        with self._database.read() as db:
            found = PROCEDURES.every(db)
            cards = cadre_cards(db, {one.cadre for one in found})
        return tuple((one, cards.get(one.cadre)) for one in found)

    def of_cadre(self, cadre: CadreNumber) -> tuple[Procedure, ...]:
        """Return the procedures of one cadre, the newest first."""
        with self._database.read() as db:
            return PROCEDURES.every(db, cadre)

    def one(self, case: str, *, purpose: str, by: str) -> tuple[Procedure, CadreCard | None]:
        """Open one procedure for `by`; the reading is recorded with its purpose.

        Raises:
            NotFound: there is none of this id.
        """
        with self._database.write() as db:
            found = PROCEDURES.one(db, case)
            self._audit(db, by, "promotion.read", found, {"purpose": purpose})
            return found, cadre_cards(db, {found.cadre}).get(found.cadre)

    def progress(self, state: Procedure) -> Progress | None:
        """Say how the appraisal that is being held stands; None when none is."""
        if state.called is None or state.counted is not None:
            return None
        campaign = state.called.campaign
        with self._database.read() as db:
            is_over = campaign_store.campaign(db, campaign).state in OVER
            sealed = not campaign_results.results_of(db, campaign)
            silent = is_over and campaign_results.is_unanswered(db, campaign)
            standing = self._outcomes.standing_within(db, campaign, state.cadre)
        return Progress(standing, is_over, is_open=silent or not sealed)

    def words_of(self, case: str, number: int, *, purpose: str, by: str) -> str:
        """Open the words of an objection for `by`; the reading is recorded with its purpose.

        Raises:
            InvalidInput: no purpose was given.
            NotFound: there is no such objection.
        """
        if not purpose.strip():
            raise InvalidInput("请写明查看的目的。", remedy="例如：调查核实。", place="目的")
        with self._database.write() as db:
            state = PROCEDURES.one(db, case)
            words = state.objection(number).received.words
            detail = {"objection": number, "purpose": purpose.strip()[:200]}
            self._audit(db, by, "promotion.objection_read", state, detail)
            return self._safe.open(db, case, words).decode()

    # --- steps --------------------------------------------------------------------------

    def open(
        self,
        proposals: Sequence[Proposal],
        *,
        kind: e.PromotionKind,
        document: str,
        by: str,
    ) -> tuple[str, ...]:
        """Propose one or several candidates, all of them or nobody; return the procedures' ids.

        Raises:
            InvalidInput: nobody, somebody twice or too many are named, or something is missing.
            NotFound: a candidate does not serve.
            RuleViolation: a rule bars a candidate, or a procedure is still open.
        """
        named = [one.cadre for one in proposals]
        if not 0 < len(set(named)) == len(named) <= MOST_AT_ONCE:
            raise InvalidInput(
                "人选为空、重复或过多。",
                remedy=f"每批 1 至 {MOST_AT_ONCE} 人，每人一次。",
                place="人选",
            )
        evaluation = self._personnel.evaluate(by=by)
        known = {one.cadre.number: one for one in evaluation.assessed}
        opened = []
        with self._database.write() as db:
            PROCEDURES.hold(db)
            for proposal in proposals:
                if proposal.cadre not in known:
                    raise NotFound(
                        f"在册干部中没有编号 {proposal.cadre}。",
                        remedy="请核对 8 位编号。",
                        place="人选",
                    )
                event = steps.open_procedure(
                    evaluation,
                    known[proposal.cadre],
                    PROCEDURES.every(db, proposal.cadre),
                    post=proposal.post,
                    kind=kind,
                    document=document,
                )
                case, at = new_id(), self._personnel.now()
                PROCEDURES.note(db, case, event, after=0, cadre=event.cadre, by=by, at=at)
                detail = {"procedure": case, "advice": event.conclusion.value}
                audit.record(db, at, by, "promotion.open", f"cadre:{event.cadre}", detail)
                opened.append(case)
        return tuple(opened)

    def start_publicity(self, case: str, *, where: str, by: str) -> None:
        """Make a proposal public for the working days of the rulebook."""

        def step(db: Session, state: Procedure, day: date) -> e.PromotionEvent:
            holidays = frozenset(campaign_store.holidays(db))
            return steps.start_publicity(
                state, where=where, day=day, numbers=self._numbers(), holidays=holidays
            )

        self._step(case, step, by)

    def receive_objection(
        self, case: str, *, objector: e.ObjectorKind, words: str, by: str
    ) -> None:
        """Take in an objection; its words are sealed.

        Raises:
            InvalidInput: there are no words, or too many.
        """
        text = words.strip()
        if not 0 < len(text) <= WORDS_LIMIT:
            raise InvalidInput(
                "请写明异议的内容。" if not text else "异议过长。",
                remedy=f"不超过 {WORDS_LIMIT} 字。",
                place="异议内容",
            )
        content = text.encode()
        paper = Paper(
            new_id(),
            "异议",
            "text/plain",
            hashlib.sha256(content).hexdigest(),
            len(content),
        )

        def step(db: Session, state: Procedure, day: date) -> e.PromotionEvent:
            event = steps.receive_objection(state, objector, paper, day=day)
            self._safe.keep(db, case, paper, content)
            return event

        self._step(case, step, by)

    def handle_objection(
        self, case: str, number: int, *, upheld: bool, reply: str, by: str
    ) -> None:
        """Answer an objection; one that is upheld suspends the procedure."""

        def step(db: Session, state: Procedure, day: date) -> e.PromotionEvent:
            must_be_two_people(db, state.opened_by, by)
            return steps.handle_objection(state, number, upheld=upheld, reply=reply, by=by, day=day)

        self._step(case, step, by)

    def call_appraisals(self, cases: Sequence[str], *, by: str) -> CampaignId:
        """Ask the candidates' own linked households by phone, in one campaign (Y64).

        Planned, started and noted in every procedure together, or not at all.

        Raises:
            InvalidInput: no procedure is named, or nobody is linked to a candidate.
            WrongPhase: an appraisal may not begin in one of them.
        """
        if not 0 < len(set(cases)) == len(cases) <= MOST_AT_ONCE:
            raise InvalidInput(
                "程序为空、重复或过多。", remedy=f"每批 1 至 {MOST_AT_ONCE} 个。", place="程序"
            )
        day = self.today()
        with self._database.write() as db:
            states = [PROCEDURES.one(db, case) for case in cases]
            for state in states:
                steps.check_may_call(state, day)
            numbers = tuple(state.cadre for state in states)
            title = f"任前群众评议 {day.isoformat()} {numbers[0]}"
            title += f" 等 {len(numbers)} 人" if len(numbers) > 1 else ""
            wanted = Wanted(Kind.APPOINTMENT, title[:LONGEST_TITLE], Electorate(cadres=numbers))
            campaign, _ = self._campaigns.plan_within(db, wanted, actor=by)
            self._campaigns.start_within(db, campaign.id, actor=by)
            linked = self._linked(db, campaign.id)
            for state in states:
                households = linked.get(state.cadre, 0)
                if not households:
                    raise InvalidInput(
                        f"干部 {state.cadre} 没有联系户可以评议。",
                        remedy="请先核对名册中的联系关系。",
                        place=state.cadre,
                    )
                event = steps.call_appraisal(state, campaign.id, households, day=day)
                self._note(db, state, event, by)
        return campaign.id

    def count_appraisal(self, case: str, *, by: str) -> None:
        """Enter what the households said: the result also stands in the personnel register.

        Raises:
            WrongPhase: no appraisal is being held, or its ballots are not opened.
        """

        def step(db: Session, state: Procedure, _day: date) -> e.PromotionEvent:
            campaign = steps.appraisal_under_way(state).campaign
            heard = self._outcomes.heard_within(db, campaign, state.cadre, actor=by)
            standing = heard.standing
            return steps.count_appraisal(
                state,
                heard.held,
                called=standing.called if standing else 0,
                reached=standing.reached if standing else 0,
                hidden=heard.is_hidden,
                numbers=self._numbers(),
            )

        self._step(case, step, by)

    def review_uniformity(self, case: str, *, note: str, by: str) -> None:
        """Note a second look at an appraisal of one voice; nothing follows from it."""
        self._step(case, lambda _db, state, _day: steps.review_uniformity(state, note), by)

    def appoint(self, case: str, *, appointed_on: date, document: str, by: str) -> None:
        """Record the appointment, from which probation is counted (Y60).

        Raises:
            NotFound: the cadre does not serve any more.
            RuleViolation: a rule has come to stand against it since it was agreed to (Y59).
        """
        assessed = {one.cadre.number: one for one in self._personnel.evaluate(by=by).assessed}

        def step(db: Session, state: Procedure, day: date) -> e.PromotionEvent:
            event = steps.appoint(
                state,
                appointed_on=appointed_on,
                document=document,
                day=day,
                numbers=self._numbers(),
                zone=self._personnel.zone,
            )
            if state.cadre not in assessed:
                raise NotFound(
                    f"在册干部中没有编号 {state.cadre}。", remedy="请核对名册，或终止程序。"
                )
            check_not_barred(assessed[state.cadre])
            if event.probation_until is not None:
                until = event.probation_until
                note_probation(db, state.cadre, since=appointed_on, until=until, on=day)
            return event

        self._step(case, step, by)

    def end_probation(self, case: str, *, passed: bool, basis: str, by: str) -> None:
        """Say that probation was passed, or that the post was taken away."""

        def step(db: Session, state: Procedure, day: date) -> e.PromotionEvent:
            event = steps.end_probation(state, passed=passed, basis=basis, day=day)
            note_probation(db, state.cadre, since=None, until=None, on=day)
            return event

        self._step(case, step, by)

    def close(self, case: str, *, reason: str, by: str) -> None:
        """Give a procedure up."""
        self._step(case, lambda _db, state, day: steps.close_procedure(state, reason, day=day), by)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            at = self._personnel.now()
            audit.record(db, at, by, "promotion.export", "promotions", {"rows": rows})

    def _step(
        self, case: str, make: Callable[[Session, Procedure, date], e.PromotionEvent], by: str
    ) -> None:
        with self._database.write() as db:
            state = PROCEDURES.one(db, case)
            self._note(db, state, make(db, state, self.today()), by)

    def _note(self, db: Session, state: Procedure, event: e.PromotionEvent, by: str) -> None:
        at = self._personnel.now()
        PROCEDURES.note(db, state.id, event, after=state.seq, cadre=state.cadre, by=by, at=at)
        self._audit(db, by, "promotion.step", state, {"event": type(event).__name__})

    def _audit(
        self, db: Session, by: str, action: str, state: Procedure, detail: Mapping[str, object]
    ) -> None:
        told = {"procedure": state.id, **detail}
        audit.record(db, self._personnel.now(), by, action, f"cadre:{state.cadre}", told)

    def _numbers(self) -> Mapping[str, int]:
        return self._personnel.book.on(self.today()).numbers

    @staticmethod
    def _linked(db: Session, campaign: CampaignId) -> Mapping[str, int]:
        return {
            about: sum(n for _, n in codes)
            for about, codes in campaign_figures.codes_by(db, campaign, "about")
        }
