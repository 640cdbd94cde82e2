"""Random commands in random order: the record stays a legal session, whatever is tried."""

from dataclasses import replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import commands_control as k
from evalsys.domain.live import events as e
from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.dialling import next_dials
from evalsys.domain.live.events_after import FollowUpWithdrawn
from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import hears_programmes, is_assembly
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import (
    AgendaOrder,
    CallStatus,
    GoStep,
    NamedBy,
    Output,
    Phase,
    Presence,
    Reply,
    Verdict,
)
from evalsys.domain.manifest import FinalCode, parse_manifest
from evalsys.domain.transcript import AbortReason, parse_transcript
from evalsys.errors import EvalsysError
from evalsys.ids import AttemptId, CadreNumber
from tests.live_play import Play, a_plan, a_pledge, an_assembly, some_cadres, some_programmes

_ENDS = [
    CallStatus.COMPLETED,
    CallStatus.BUSY,
    CallStatus.NO_ANSWER,
    CallStatus.FAILED,
    CallStatus.CANCELED,
]


class LiveMachine(RuleBasedStateMachine):
    """Anybody may try anything at any time; what is refused changes nothing."""

    attempts: Bundle[tuple[int, int, AttemptId]] = Bundle("attempts")

    @initialize(
        wanted=st.integers(1, 3),
        tries=st.integers(1, 2),
        households=st.integers(0, 5),
        kind=st.sampled_from(["cadre", "programme", "assembly"]),
    )
    def begin(self, wanted: int, tries: int, households: int, kind: str) -> None:
        plan = a_plan(target=wanted, attempts=tries, slots=3)
        cadres = some_cadres(5, households)
        if kind == "assembly":
            self.play: Play = an_assembly(
                max(1, households), AgendaOrder.DRAWN if tries > 1 else AgendaOrder.FIXED
            )
            self.play.until_ordered()
            return
        if kind == "programme":
            cadres = some_programmes(3, households)
            plan = replace(plan, programmes=tuple(one.cadre for one in cadres))
        self.play = Play(plan=plan, cadres=cadres).until_seeded()

    def attempt_to(self, command: c.Command) -> None:
        before = self.play.state
        try:
            self.play.tell(command)
        except EvalsysError:
            assert self.play.state is before

    @rule(
        command=st.sampled_from(
            [
                c.OpenCeremony(),
                cc.RehearseDice("1" * 24),
                cc.CallCups(),
                cc.ConfirmDice(),
                cc.ReadAgain(),
                cc.BindRound(1),
                c.StopDialling(),
                c.OpenVote(),
                c.CloseVote(3, 2, 1, 8),
                c.TakeBack(),
                c.CloseSession(),
                c.MakePledge("修路", "2027-06-01", "张三"),
                a_pledge(),
                a_pledge(j=1),
                c.WithdrawFollowUp(1, 9, "录错"),
                cg.CallIssue(),
                cg.LeaveIssue("未到场"),
                cg.SetAgenda(()),
                cg.PublishAgenda(),
                c.SealSession("a" * 64),
            ]
        )
    )
    def operate(self, command: c.Command) -> None:
        self.attempt_to(command)

    @rule(presence=st.sampled_from(Presence), verdict=st.sampled_from(Verdict))
    def judge(self, presence: Presence, verdict: Verdict) -> None:
        self.attempt_to(c.RecordPresence(presence))
        self.attempt_to(c.GiveVerdict(verdict))

    @rule(
        command=st.sampled_from(
            [
                k.DarkenOutputs({Output.STAGE}),
                k.LightOutputs("wang", set(Output)),
                k.ShowPauseCard(""),
                k.RemovePauseCard("wang"),
                k.HoldShow(),
                k.ResumeShow("li"),
                k.SetDelay("wang", 30, 5),
                k.DumpDelay(9, "口误"),
                k.TakeSeat("tester", 0),
                k.LeaveSeat("tester"),
                k.SetStandby("tester", GoStep.DRAW_NEXT),
                k.TurnSecondKey("zhao", GoStep.DRAW_NEXT),
            ]
        )
    )
    def direct(self, command: c.Command) -> None:
        step = self.play.state.step
        self.attempt_to(command)
        assert self.play.state.step == step

    @rule(digits=st.integers(0, 10**12 - 1))
    def draw(self, digits: int) -> None:
        self.attempt_to(cc.RehearseDice(f"{digits:012}"))
        self.attempt_to(c.DrawNext(self.play.cadres))

    @rule(i=st.integers(0, 5), programme=st.booleans())
    def name(self, i: int, *, programme: bool) -> None:
        number = CadreNumber(f"{90_000_000 * programme + i:08}")
        command = c.NameCadre(number, NamedBy.MEDIA, "媒体 01", "来信反映", self.play.cadres)
        self.attempt_to(command)

    @rule()
    def open_calls(self) -> None:
        if self.play.state.round is not None and not is_assembly(self.play.state):
            self.attempt_to(c.OpenCalls(self.play.households))

    @rule(seconds=st.sampled_from([1, 59, 60]))
    def wait(self, seconds: int) -> None:
        self.play.wait(seconds)

    @rule(target=attempts, which=st.integers(0, 4))
    def place(self, which: int) -> tuple[int, int, AttemptId]:
        dials = next_dials(self.play.state, self.play.now)
        self.play.calls += 1
        attempt_id = AttemptId(f"{self.play.calls:032x}")
        j, k = (dials[0].j, dials[min(which, len(dials) - 1)].k) if dials else (1, which + 1)
        self.attempt_to(c.PlaceCall(j, k, attempt_id))
        return j, k, attempt_id

    @rule(
        attempt=attempts,
        reply=st.sampled_from(Reply),
        question=st.sampled_from(["consent", "visited"]),
    )
    def answer(self, attempt: tuple[int, int, AttemptId], reply: Reply, question: str) -> None:
        j, k, attempt_id = attempt
        self.attempt_to(c.ReportProgress(j, k, attempt_id, CallStatus.IN_PROGRESS))
        self.attempt_to(c.RecordReply(j, k, question, reply, claimed=True))

    @rule(attempt=attempts)
    def score(self, attempt: tuple[int, int, AttemptId]) -> None:
        self.attempt_to(c.CommitScore(attempt[0], attempt[1], f"{attempt[1]:064x}"))

    @rule(attempt=attempts, status=st.sampled_from(_ENDS))
    def end(self, attempt: tuple[int, int, AttemptId], status: CallStatus) -> None:
        j, k, attempt_id = attempt
        self.attempt_to(c.EndCall(j, k, attempt_id, f"CA{attempt_id}", status, 2, 9))

    @rule(attempt=attempts)
    def void(self, attempt: tuple[int, int, AttemptId]) -> None:
        self.attempt_to(c.VoidCall(*attempt, "line_down"))

    @rule()
    def skip(self) -> None:
        for dial in next_dials(self.play.state, self.play.now)[:1]:
            self.attempt_to(c.SkipUndialable(dial.j, dial.k))

    @rule(reason=st.sampled_from(AbortReason), really=st.integers(0, 30))
    def abort(self, reason: AbortReason, really: int) -> None:
        if really == 0:
            self.attempt_to(c.AbortSession(reason))

    @invariant()
    def the_state_is_the_fold_of_the_record(self) -> None:
        if hasattr(self, "play"):
            assert replay(self.play.records) == self.play.state

    @invariant()
    def households_open_in_the_drawn_order_and_few_at_once(self) -> None:
        for past in self.play.state.rounds if hasattr(self, "play") else ():
            opened = [
                r.event.k
                for r in self.play.records
                if isinstance(r.event, e.PositionOpened) and r.event.j == past.j
            ]
            assert opened == list(past.order[: len(opened)])
            unfinished = [p for p in past.positions.values() if p.final is None]
            assert len(unfinished) <= self.play.plan.parallel

    @invariant()
    def a_finished_household_is_finished_once(self) -> None:
        finals = [
            (r.event.j, r.event.k)
            for r in (self.play.records if hasattr(self, "play") else ())
            if isinstance(r.event, e.PositionFinished)
        ]
        assert len(finals) == len(set(finals))

    @invariant()
    def namings_use_up_no_slot_and_nobody_is_named_after_a_turn_on_stage(self) -> None:
        if not hasattr(self, "play"):
            return
        state = self.play.state
        assert [past.j for past in state.slots_drawn] == list(range(1, len(state.slots_drawn) + 1))
        assert is_assembly(state) or len(state.drawn) == len(state.slots_drawn)
        seen: set[str] = set()
        for past in state.rounds if not is_assembly(state) else ():
            assert past.naming is None or past.cadre not in seen
            seen.add(past.cadre)

    @invariant()
    def nobody_is_named_and_nothing_is_voted_in_a_hearing_of_programmes(self) -> None:
        if not hasattr(self, "play") or not hears_programmes(self.play.state):
            return
        assert self.play.state.namings == ()
        for past in self.play.state.rounds:
            assert (past.votes, past.verdict, past.presence) == (None, None, None)

    @invariant()
    def an_assembly_hears_its_agenda_in_order_and_finds_nothing(self) -> None:
        if not hasattr(self, "play") or not is_assembly(self.play.state):
            return
        state = self.play.state
        heard = [past.issue for past in state.rounds]
        assert heard == [state.agenda[n - 1] for n in state.agenda_order[: len(heard)]]
        assert all(past.is_answered for past in state.rounds[:-1]) or any(
            isinstance(r.event, FollowUpWithdrawn) for r in self.play.records
        )
        assert all(
            (past.verdict, past.order, past.presence) == (None, (), None) for past in state.rounds
        )
        assert all(pledge.target for past in state.rounds for pledge in past.pledges)

    @invariant()
    def the_vote_never_opens_over_a_call(self) -> None:
        if hasattr(self, "play") and self.play.state.phase in {Phase.VOTING, Phase.TALLIED}:
            assert self.play.round.in_flight == 0

    @override
    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        for record in self.play.records:
            body = parse_canonical(canonical(encode(record.event)))
            assert decode(kind_of(type(record.event)), body) == record.event
        if is_assembly(self.play.state):
            return
        manifest = parse_manifest(self.play.state.manifest.encode())
        written = parse_transcript(transcript_of(self.play.records), manifest.prev_head)
        finals = [entry for entry in written.entries if entry.type == "hh_final"]
        assert all(FinalCode(entry.body["code"]) for entry in finals)


TestLiveMachine = LiveMachine.TestCase
TestLiveMachine.settings = settings(max_examples=60, stateful_step_count=60)
