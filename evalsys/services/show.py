"""The operator's steps through a session: each one transaction that ties the rooms together."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_strata import weighing_of
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import events as e
from evalsys.domain.live.ceremony import beacon_rules
from evalsys.domain.live.decide_before import check_may_freeze
from evalsys.domain.live.fold import replay
from evalsys.domain.live.needs import need
from evalsys.domain.live.state import LiveState, is_assembly
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import NamedBy, Phase, Presence, ShowCheck, Verdict
from evalsys.domain.manifest import ExclusionReason, HouseholdRules, parse_manifest
from evalsys.domain.panel import Choice, Seat, SeatCategory
from evalsys.domain.transcript import AbortReason, parse_transcript
from evalsys.errors import NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, LiveId, new_id
from evalsys.services.agenda import assembly_files
from evalsys.services.draw import Draws, bundle_files
from evalsys.services.live_session import LiveSessions, Step
from evalsys.services.naming import Namings
from evalsys.services.score import Scores
from evalsys.store import event_log


@dataclass(frozen=True, slots=True)
class Operator:
    """Who acts on which session, and the number of the last step that they saw."""

    live: LiveId
    name: str
    expect: int


class Show:
    """What the console's buttons do: each method is one step of an operator.

    Every one raises StaleState when somebody else took a step since, and RuleViolation or
    InvalidInput with the reason when the session refuses it; nothing has changed then.
    """

    def __init__(
        self, live_sessions: LiveSessions, draws: Draws, scores: Scores, namings: Namings
    ) -> None:
        """Tie the live session to the draw, to the ballots and to proposals of namings."""
        self._live = live_sessions
        self._draws = draws
        self._scores = scores
        self._namings = namings

    def plan(self, plan: e.Plan, *, actor: str) -> LiveId:
        """Begin a session and return its identity.

        Raises:
            InvalidInput: names every field of the plan that is out of range.
        """
        self._draws.check_known(plan.programmes)
        live = LiveId(new_id())
        self._live.tell(live, c.PlanSession(plan), actor=actor)
        return live

    def freeze(self, operator: Operator) -> LiveState:
        """Take the snapshot of the roster; the objection window opens."""
        with self._step(operator) as step:
            check_may_freeze(step.state)
            plan = _plan_of(step)
            weighing = weighing_of(plan.weigh_by, ((one.key, one.weight) for one in plan.weights))
            roster = self._draws.freeze_in(
                step.db, step.live, plan.strata, weighing, plan.programmes
            )
            return step.tell(
                c.FreezeRoster(roster.sha256, roster.root, roster.n, roster.households)
            )

    def exclude(
        self, operator: Operator, cadres: Sequence[str], reason: ExclusionReason
    ) -> LiveState:
        """Name cadres who will be left out of the pot, all of them or none."""
        with self._step(operator) as step:
            need(step.state, "登记排除", Phase.FROZEN)
            roster = self._draws.frozen_roster(step.live)
            state = step.state
            for cadre in map(CadreNumber, cadres):
                state = step.tell(c.EnterExclusion(cadre, reason, cadre in roster.by_cadre))
            return state

    def withdraw_exclusion(self, operator: Operator, cadre: str) -> LiveState:
        """Put a cadre back into the pot before the manifest is published."""
        return self._tell(operator, c.WithdrawExclusion(CadreNumber(cadre)))

    def publish(self, operator: Operator) -> LiveState:
        """Publish the manifest of the draw once the objection window is over (Y52)."""
        with self._step(operator) as step:
            need(step.state, "公布抽签清单", Phase.FROZEN)
            plan = _plan_of(step)
            published = self._draws.plan_manifest_in(
                step.db,
                step.live,
                slots=plan.slots,
                hh=HouseholdRules(
                    target=plan.target,
                    attempts=plan.attempts,
                    gap_s=plan.gap_s,
                    parallel=plan.parallel,
                ),
                exclusions=step.state.exclusions,
                spare_recent=plan.spare_recent,
                beacon=beacon_rules(plan),
                witness_keys=step.state.ceremony.witnesses,
            )
            return step.tell(
                c.PublishManifest(
                    published.sha256, published.data.decode(), published.manifest.slots
                )
            )

    def open_ceremony(self, operator: Operator, red: Sequence[ShowCheck] = ()) -> LiveState:
        """Begin the draw; `red` are the checks before the show that are not in order."""
        return self._tell(operator, c.OpenCeremony(tuple(red)))

    def name_cadre(
        self, operator: Operator, cadre: CadreNumber, by: NamedBy, *, who: str, reason: str
    ) -> LiveState:
        """Name a cadre 点名 between two rounds, which is no draw (Y33, Y35)."""
        with self._step(operator) as step:
            cadres = self._pot(step)
            return step.tell(c.NameCadre(cadre, by, who, reason, cadres))

    def take_proposal(self, operator: Operator, proposal_id: str) -> LiveState:
        """Name the cadre whom a seat proposed, in its words."""
        with self._step(operator) as step:
            made = self._namings.take_in(step.db, step.live, proposal_id, by=operator.name)
            cadres = self._pot(step)
            return step.tell(c.NameCadre(made.cadre, made.by, made.label, made.reason, cadres))

    def dismiss_proposal(self, operator: Operator, proposal_id: str, why: str) -> LiveState:
        """Answer a seat's proposal with a reason; the session's record does not change."""
        self._namings.dismiss(operator.live, proposal_id, why, by=operator.name)
        return self._live.state(operator.live)

    def publish_agenda(self, operator: Operator) -> LiveState:
        """Let everybody read an assembly's agenda (Y69)."""
        return self._tell(operator, cg.PublishAgenda())

    def call_issue(self, operator: Operator) -> LiveState:
        """Call the next issue of an assembly to the stage."""
        return self._tell(operator, cg.CallIssue())

    def leave_issue(self, operator: Operator, reason: str) -> LiveState:
        """Go on without a pledge of the issue on stage."""
        return self._tell(operator, cg.LeaveIssue(reason))

    def record_presence(self, operator: Operator, presence: Presence) -> LiveState:
        """Note how the cadre on stage answers (Y45)."""
        return self._tell(operator, c.RecordPresence(presence))

    def open_calls(self, operator: Operator) -> LiveState:
        """Fix the order of the households; the dialler takes over from here (Y46)."""
        with self._step(operator) as step:
            households = 0
            if step.state.phase in {Phase.DRAWN, Phase.ANSWERING}:
                households = self._frozen(step.live, step.state.rounds[-1].cadre)
            return step.tell(c.OpenCalls(households))

    def stop_dialling(self, operator: Operator) -> LiveState:
        """Let calls in progress end and open no further position."""
        return self._tell(operator, c.StopDialling())

    def open_vote(self, operator: Operator) -> LiveState:
        """Let the panel vote."""
        with self._step(operator) as step:
            state = step.tell(c.OpenVote())
            self._scores.open_vote_in(step.db, step.live, state.rounds[-1].j)
            return state

    def close_vote(self, operator: Operator) -> LiveState:
        """Close the panel's vote and count it."""
        with self._step(operator) as step:
            if step.state.phase is not Phase.VOTING:
                return step.tell(c.CloseVote(0, 0, 0, 0))  # refused with the reason
            counts = self._scores.tally_vote_in(step.db, step.live, step.state.rounds[-1].j)
            return step.tell(
                c.CloseVote(
                    counts.satisfied,
                    counts.basically_satisfied,
                    counts.not_satisfied,
                    counts.present,
                )
            )

    def declare_as_chair(self, seat: Seat, choice: Choice) -> LiveState:
        """Record what the chair says once the panel's count is public (L29).

        Raises:
            RuleViolation: the seat is not the chair's, or the chair spoke already.
            WrongPhase: the panel's count is not public yet.
        """
        if seat.category is not SeatCategory.CHAIR:
            raise RuleViolation(
                f"“{seat.label}”不是主要负责人席。", remedy="评议团成员在投票开放时表决。"
            )
        return self._live.tell(seat.live, c.DeclareAsChair(choice), actor=f"seat:{seat.number}")

    def give_verdict(self, operator: Operator, verdict: Verdict) -> LiveState:
        """State the finding."""
        return self._tell(operator, c.GiveVerdict(verdict))

    def make_pledge(self, operator: Operator, pledge: c.MakePledge) -> LiveState:
        """Record a promise with measure and date (Y53)."""
        return self._tell(operator, pledge)

    def open_investigation(self, operator: Operator, opened: c.OpenInvestigation) -> LiveState:
        """Send a team of four categories (Y54)."""
        return self._tell(operator, opened)

    def take_back(self, operator: Operator) -> LiveState:
        """Correct the last step; a vote that was opened by mistake loses what was cast."""
        with self._step(operator) as step:
            voting = step.state.phase is Phase.VOTING
            state = step.tell(c.TakeBack())
            if voting:
                self._scores.void_vote_in(step.db, step.live, state.rounds[-1].j)
            return state

    def abort(self, operator: Operator, reason: AbortReason) -> LiveState:
        """End this attempt for one of the listed reasons."""
        with self._step(operator) as step:
            unfinished = step.state.round
            state = step.tell(c.AbortSession(reason))
            if unfinished is not None and unfinished.calls_end is None:
                self._scores.forget_in(step.db, step.live, unfinished.j)
            return state

    def close(self, operator: Operator) -> LiveState:
        """End the show once every slot is drawn and judged."""
        return self._tell(operator, c.CloseSession())

    def seal(self, operator: Operator) -> LiveState:
        """Fix the record: the transcript's last hash becomes the next session's `prev_head`.

        An assembly has no transcript of a draw: the hash of its last event stands for its record.
        """
        with self._step(operator) as step:
            if step.state.phase is not Phase.CLOSED:
                return step.tell(c.SealSession(""))  # refused with the reason
            if is_assembly(step.state):
                return step.tell(c.SealSession(event_log.head(step.db, step.live)[1]))
            first_prev = parse_manifest(step.state.manifest.encode()).prev_head
            transcript = transcript_of(self._live.events(operator.live))
            return step.tell(c.SealSession(parse_transcript(transcript, first_prev).head))

    def bundle(self, live: LiveId, records: Sequence[e.Recorded] | None = None) -> dict[str, bytes]:
        """Return the files from which anybody can verify the draw, as far as `records` go.

        By default they go as far as the session does.

        Raises:
            NotFound: the manifest is not published yet.
        """
        state = self._live.state(live)
        if is_assembly(state):
            return assembly_files(state if records is None else replay(records))
        if not state.manifest:
            raise NotFound("抽签清单还没有公布。", remedy="名册冻结后即可下载核验包。")
        return bundle_files(
            state.manifest.encode(),
            self._draws.roster_jsonl(live),
            transcript_of(self._live.events(live) if records is None else records),
        )

    def _step(self, operator: Operator) -> AbstractContextManager[Step]:
        return self._live.step(operator.live, actor=operator.name, expect=operator.expect)

    def _tell(self, operator: Operator, command: c.Command) -> LiveState:
        with self._step(operator) as step:
            return step.tell(command)

    def _pot(self, step: Step) -> tuple[FrozenCadre, ...]:
        return self._draws.frozen_cadres(step.live) if step.state.roster_sha256 else ()

    def _frozen(self, live: LiveId, cadre: CadreNumber) -> int:
        return next(one.hh_n for one in self._draws.frozen_cadres(live) if one.cadre == cadre)


def _plan_of(step: Step) -> e.Plan:
    if step.state.plan is None:
        raise WrongPhase("会议尚未建立。", remedy="请先新建会议。")
    return step.state.plan
