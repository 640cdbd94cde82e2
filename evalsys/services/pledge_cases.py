"""Promises from sessions after the show: reminded, proven, re-checked by phone, ruled (Y53)."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from evalsys.domain import pledge_case as p
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import LONGEST_PLEDGE, LONGEST_TITLE, Electorate, Wanted
from evalsys.domain.followup_rows import PledgeRow
from evalsys.domain.pledge import PledgeStanding, Promise, rule_on
from evalsys.errors import NotFound, RuleViolation, WrongPhase
from evalsys.ids import CampaignId, LiveId
from evalsys.services.access import must_be_two_people
from evalsys.services.campaign_outcomes import CampaignOutcomes
from evalsys.services.campaigns import Campaigns
from evalsys.services.live_session import LiveSessions
from evalsys.services.papers import Uploaded, paper_of
from evalsys.services.personnel import Personnel
from evalsys.store import audit, campaigns
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import PLEDGES
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards

CUT: Final = "…"


class PledgeCases:
    """Every promise that was made on stage."""

    def __init__(
        self,
        database: Database,
        personnel: Personnel,
        live: LiveSessions,
        plans: Campaigns,
        outcomes: CampaignOutcomes,
        safe: PaperSafe,
    ) -> None:
        """Read promises from `live`; ask households through `plans`; `safe` keeps proof."""
        self._database = database
        self._personnel = personnel
        self._live = live
        self._plans = plans
        self._outcomes = outcomes
        self._safe = safe

    def today(self) -> date:
        """Return the day in the county."""
        return self._personnel.today()

    # --- reading ------------------------------------------------------------------------

    def every(self) -> list[PledgeRow]:
        """List every promise, the earliest last day first."""
        states = [(one.id, self._live.state(one.id)) for one in self._live.sessions()]
        made = [
            (live, state, one.cadre, pledge)
            for live, state in states
            for one in state.rounds
            if one.issue is None  # what units promise at an assembly has its own reports
            for pledge in one.pledges
        ]
        today = self.today()
        numbers = self._numbers(today)
        with self._database.read() as db:
            kept = {one.id: one for one in PLEDGES.every(db)}
            cards = cadre_cards(db, {cadre for _, _, cadre, _ in made})
            holidays = frozenset(campaigns.holidays(db))
        rows = []
        for live, state, cadre, pledge in made:
            key = p.case_of(live, pledge.seq)
            case = kept.get(key, p.PledgeCase(key))
            due_on = date.fromisoformat(pledge.due_on)
            record = case.record(Promise(pledge.measure, due_on, pledge.responsible))
            rows.append(
                PledgeRow(
                    live,
                    state.plan.title if state.plan else "",
                    bool(state.plan and state.plan.rehearsal),
                    pledge.seq,
                    cadre,
                    cards.get(cadre),
                    case,
                    record,
                    record.standing(today, numbers, holidays),
                    record.is_reminder_due(today, numbers, holidays),
                )
            )
        return sorted(rows, key=lambda row: (row.record.promise.due_on, row.live, row.seq))

    def standings(self) -> Mapping[tuple[LiveId, int], PledgeStanding]:
        """Say where each promise stands, for everybody: by session and number of its event."""
        return {(row.live, row.seq): row.standing for row in self.every()}

    def one(self, live: LiveId, seq: int, *, by: str) -> PledgeRow:
        """Open one promise for `by`; the reading is recorded.

        Raises:
            NotFound: no such promise was made.
        """
        row = self._row(live, seq)
        with self._database.write() as db:
            self._audit(db, by, "pledge.read", row, {})
        return row

    def proof(self, live: LiveId, seq: int, number: int, *, by: str) -> tuple[str, bytes]:
        """Open the file of the `number`-th proof for `by`; the reading is recorded.

        Raises:
            NotFound: there is none.
        """
        row = self._row(live, seq)
        proofs = row.case.proofs
        file = proofs[number - 1].event.file if 0 < number <= len(proofs) else None
        if file is None:
            raise NotFound("没有这份佐证文件。", remedy="请从列表中选择。")
        with self._database.write() as db:
            self._audit(db, by, "pledge.proof_read", row, {"proof": number})
            return file.name, self._safe.open(db, row.case.id, file)

    # --- steps --------------------------------------------------------------------------

    def remind(self, live: LiveId, seq: int, *, by: str) -> None:
        """Record that whoever answers for the promise was reminded.

        Raises:
            WrongPhase: it is ruled on, proof is there, or it is too early.
        """
        row = self._row(live, seq)
        if not row.reminder_due:
            raise WrongPhase(
                "现在不需要提醒：还早、已提醒、已有佐证或已认定。", remedy="请看列表中的提醒。"
            )
        self._step(row, lambda _db, _case: p.ReminderSent(self.today()), by)

    def hand_in(self, live: LiveId, seq: int, *, text: str, file: Uploaded | None, by: str) -> None:
        """Hand in proof: words, and a file that is sealed.

        Raises:
            InvalidInput: there are no words, or the file cannot be taken.
        """
        paper = paper_of(file) if file is not None else None

        def make(db: Session, case: p.PledgeCase) -> p.PledgeEvent:
            event = p.hand_in_proof(text, paper, day=self.today())
            if paper is not None and file is not None:
                self._safe.keep(db, case.id, paper, file.content)
            return event

        self._step(self._row(live, seq), make, by)

    def call_recheck(self, live: LiveId, seq: int, *, by: str) -> CampaignId:
        """Ask the cadre's linked households by phone whether it was kept.

        Raises:
            InvalidInput: nobody is linked to the cadre.
            WrongPhase: a re-check is being held.
        """
        row = self._row(live, seq)
        planned: list[CampaignId] = []

        def make(db: Session, case: p.PledgeCase) -> p.PledgeEvent:
            p.check_may_recheck(case)
            measure = row.record.promise.measure
            said = (
                measure if len(measure) <= LONGEST_PLEDGE else measure[: LONGEST_PLEDGE - 1] + CUT
            )
            title = f"承诺回访 {row.cadre} {row.title}"[:LONGEST_TITLE]
            wanted = Wanted(Kind.PLEDGE, title, Electorate(cadres=(row.cadre,)), pledge=said)
            campaign, _ = self._plans.plan_within(db, wanted, actor=by)
            self._plans.start_within(db, campaign.id, actor=by)
            planned.append(campaign.id)
            return p.RecheckCalled(campaign.id)

        self._step(row, make, by)
        return planned[0]

    def count_recheck(self, live: LiveId, seq: int, *, by: str) -> None:
        """Enter what the households answered.

        Raises:
            WrongPhase: no re-check is being held, or its ballots are not opened.
        """
        row = self._row(live, seq)

        def make(db: Session, case: p.PledgeCase) -> p.PledgeEvent:
            campaign = p.recheck_under_way(case)
            found = self._outcomes.recheck_within(db, campaign, row.cadre)
            return p.RecheckCounted(campaign, found)

        self._step(row, make, by)

    def rule(self, live: LiveId, seq: int, *, kept: bool, basis: str, by: str) -> None:
        """Record that a promise was kept or broken; the rules reckon with it at once.

        Raises:
            RuleViolation: it was made in a rehearsal, or nothing shows that it was kept.
        """
        row = self._row(live, seq)
        if row.rehearsal:
            raise RuleViolation(
                "这是彩排中的承诺，不作认定。", remedy="只有正式会上的承诺计入考核。"
            )
        today = self.today()

        def make(db: Session, case: p.PledgeCase) -> p.PledgeEvent:
            for proof in case.proofs:
                must_be_two_people(db, proof.by, by)
            ruling = rule_on(
                case.record(row.record.promise),
                kept=kept,
                basis=basis,
                day=today,
                by=by,
                numbers=self._numbers(today),
            )
            return p.PledgeRuled(row.cadre, ruling.kept, ruling.basis, ruling.ruled_on)

        self._step(row, make, by)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            at = self._personnel.now()
            audit.record(db, at, by, "pledge.export", "pledges", {"rows": rows})

    def _row(self, live: LiveId, seq: int) -> PledgeRow:
        for row in self.every():
            if (row.live, row.seq) == (live, seq):
                return row
        raise NotFound("没有这项承诺，或已经更正。", remedy="请从列表中选择。")

    def _step(
        self, row: PledgeRow, make: Callable[[Session, p.PledgeCase], p.PledgeEvent], by: str
    ) -> None:
        with self._database.write() as db:
            case = PLEDGES.find(db, row.case.id) or row.case
            event, at = make(db, case), self._personnel.now()
            PLEDGES.note(db, case.id, event, after=case.seq, cadre=row.cadre, by=by, at=at)
            self._audit(db, by, "pledge.step", row, {"event": type(event).__name__})

    def _audit(
        self, db: Session, by: str, action: str, row: PledgeRow, detail: Mapping[str, object]
    ) -> None:
        told = {"live": row.live, "pledge": row.seq, **detail}
        audit.record(db, self._personnel.now(), by, action, f"cadre:{row.cadre}", told)

    def _numbers(self, day: date) -> Mapping[str, int]:
        return self._personnel.book.on(day).numbers
