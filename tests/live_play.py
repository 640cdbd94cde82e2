"""Playing a session in memory: commands in, events and state out, as the service does it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from typing_extensions import override

from evalsys.domain.agenda import Issue, Target
from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_roster import FrozenRoster, roster_of, write_roster
from evalsys.domain.draw_strata import StrataKind, division_of, number_strata
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live.ceremony import LIFT_AFTER, beacon_rules
from evalsys.domain.live.decide import decide
from evalsys.domain.live.dialling import Dial, next_dials
from evalsys.domain.live.fold import replay
from evalsys.domain.live.state import LiveState, Round
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import (
    AgendaOrder,
    CallStatus,
    Clerk,
    NamedBy,
    Phase,
    Presence,
    Reply,
    Verdict,
)
from evalsys.domain.manifest import (
    Exclusion,
    HouseholdRules,
    manifest_bytes,
    manifest_sha256,
    plan_manifest,
)
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Report
from evalsys.ids import AttemptId, CadreNumber, LiveId, ProgrammeNumber, Stratum
from tests.builders import NOON

SESSION = LiveId("0" * 31 + "1")


def a_plan(**changes: object) -> e.Plan:
    """A rehearsal of two slots with short rules."""
    usual = e.Plan(
        title="第一次彩排",
        rehearsal=True,
        strata="uniform",
        slots=2,
        target=2,
        attempts=2,
        gap_s=60,
        parallel=3,
    )
    usual = replace(usual, objection_hours=0 if changes.get("rehearsal", True) else 24)
    return replace(usual, **changes)  # type: ignore[arg-type]  # tests name fields


def some_cadres(n: int = 12, households: int = 7) -> tuple[FrozenCadre, ...]:
    """Cadres 00000001 and on in one stratum, each with the same number of households."""
    return tuple(
        FrozenCadre(CadreNumber(f"{i:08}"), households, f"{i:064x}", Stratum("A01"), 1)
        for i in range(1, n + 1)
    )


def programme_numbers(n: int) -> tuple[ProgrammeNumber, ...]:
    """Programmes 90000001 and on."""
    return tuple(ProgrammeNumber(f"9{i:07}") for i in range(1, n + 1))


def some_programmes(n: int, households: int = 7) -> tuple[FrozenCadre, ...]:
    """Programmes as a hearing freezes them: each is a stratum of its own."""
    numbers = programme_numbers(n)
    strata = number_strata(division_of(StrataKind.PROGRAMME), numbers)
    return tuple(
        FrozenCadre(number, households, f"{i:064x}", strata[number], 1)
        for i, number in enumerate(numbers)
    )


def an_agenda(n: int) -> tuple[Issue, ...]:
    """Issues 1 to n, each of a unit of its own."""
    return tuple(
        Issue(f"议题 {i}", f"什么时候解决第 {i} 件事？", f"单位 {i}", f"答复人 {i}", "局长")
        for i in range(1, n + 1)
    )


def a_pledge(j: int | None = None) -> c.MakePledge:
    """A pledge of twelve hundred households; of issue `j` beside the show, else on stage."""
    target = Target("完成改厕", "1200", "户")
    return c.MakePledge("分批改造，逐户验收", "2099-12-31", "单位 1", j, target)


@dataclass
class Play:
    """A session being played; `now` moves only when told."""

    plan: e.Plan = field(default_factory=a_plan)
    cadres: tuple[FrozenCadre, ...] = field(default_factory=some_cadres)
    records: list[e.Recorded] = field(default_factory=list)
    state: LiveState = field(default_factory=LiveState)
    now: datetime = NOON
    calls: int = 0

    def tell(self, command: c.Command, *, actor: str = "tester") -> tuple[e.Event, ...]:
        """Carry out a command and return the events it brought about."""
        events = decide(self.state, command, self.now)
        fresh = [
            e.Recorded(self.state.version + i, self.now, actor, event)
            for i, event in enumerate(events, start=1)
        ]
        self.records += fresh
        self.state = replay(fresh, self.state)
        return events

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    @property
    def roster(self) -> FrozenRoster:
        """The frozen roster."""
        return roster_of(self.cadres)

    @property
    def round(self) -> Round:
        """The round on stage."""
        assert self.state.round is not None
        return self.state.round

    def until_published(self) -> "Play":
        """Plan, freeze and publish."""
        self.tell(c.PlanSession(self.plan))
        self.freeze()
        self.wait(self.plan.objection_hours * 3600)
        self.publish()
        return self

    def freeze(self) -> None:
        """Freeze the cadres."""
        roster = self.roster
        self.tell(c.FreezeRoster(roster.sha256, roster.root, roster.n, roster.households))
        self.enrol()

    def enrol(self) -> None:
        """Enrol witnesses; a usual session has none."""

    def publish(self, *exclusions: Exclusion) -> None:
        """Publish the manifest, with those excluded who were entered, or with others."""
        manifest = plan_manifest(
            session=SESSION,
            roster=self.roster,
            slots=self.plan.slots,
            hh=HouseholdRules(
                self.plan.target, self.plan.attempts, self.plan.gap_s, self.plan.parallel
            ),
            exclusions=exclusions or self.state.exclusions,
            beacon=beacon_rules(self.plan),
            witness_keys=self.state.ceremony.witnesses,
        )
        data = manifest_bytes(manifest)
        self.tell(c.PublishManifest(manifest_sha256(data), data.decode(), manifest.slots))

    def until_seeded(self) -> "Play":
        """Go on to the master dice."""
        self.until_published()
        if not self.plan.rehearsal:
            self.wait(24 * 3600)
        self.tell(c.OpenCeremony())
        self.roll("123456789012345678901234")
        return self

    def roll(self, digits: str) -> None:
        """Roll the dice that are due: from cups by two clerks on air, else as a rehearsal does."""
        if self.plan.rehearsal:
            self.tell(cc.RehearseDice(digits))
            return
        self.call_cups()
        for clerk in Clerk:
            self.tell(cc.TypeDice(clerk, digits))
        self.tell(cc.ConfirmDice())

    def call_cups(self) -> None:
        """Seat both clerks, and let the rollers lift."""
        for clerk in Clerk:
            self.tell(cc.SeatClerk(clerk))
        self.tell(cc.CallCups())
        self.wait(LIFT_AFTER.total_seconds())

    def draw(self) -> None:
        """Draw the next slot with fresh dice."""
        self.roll(f"{self.state.next_slot or 0:012}")
        self.tell(c.DrawNext(self.cadres))

    def until_calling(self) -> "Play":
        """Go on to the calls of the first slot."""
        self.until_seeded()
        self.draw()
        self.tell(c.RecordPresence(Presence.IN_PERSON))
        self.tell(c.OpenCalls(self.households))
        return self

    @property
    def households(self) -> int:
        """How many households the cadre on stage has."""
        return next(one.hh_n for one in self.cadres if one.cadre == self.round.cadre)

    def dial(self) -> list[tuple[Dial, AttemptId]]:
        """Place every call that may be placed now."""
        placed = []
        for dial in next_dials(self.state, self.now):
            self.calls += 1
            attempt_id = AttemptId(f"{self.calls:032x}")
            self.tell(c.PlaceCall(dial.j, dial.k, attempt_id))
            placed.append((dial, attempt_id))
        return placed

    def interview(self, k: int, *, denies: bool = False) -> None:
        """Let household `k`, whose call is in progress, answer everything."""
        j = self.round.j
        reply = Reply.NO if denies else Reply.YES
        self.tell(c.RecordReply(j, k, "consent", Reply.YES, claimed=False))
        self.tell(c.RecordReply(j, k, "visited", reply, claimed=True))
        self.tell(c.CommitScore(j, k, f"{j * 1000 + k:064x}"))

    def end(
        self, k: int, attempt_id: AttemptId, status: CallStatus = CallStatus.COMPLETED
    ) -> tuple[e.Event, ...]:
        """End a call with the carrier's status."""
        return self.tell(c.EndCall(self.round.j, k, attempt_id, f"CA{attempt_id}", status, 3, 20))

    def finish_calls(self) -> None:
        """Let every household called answer everything until the calls close."""
        while self.round.calls_end is None:
            for dial, attempt_id in self.dial():
                self.interview(dial.k)
                self.end(dial.k, attempt_id)

    def finish_calls_in_every_way(self, start: int) -> None:
        """End calls in turn as answered, unanswered, dead, refused and broken off."""
        turn = start
        while self.round.calls_end is None:
            for dial, attempt_id in self.dial():
                turn += 1
                match turn % 5:
                    case 0:
                        self.end(dial.k, attempt_id, CallStatus.NO_ANSWER)
                    case 1:
                        self.tell(c.VoidCall(dial.j, dial.k, attempt_id, "line_down"))
                    case 2:
                        self.end(dial.k, attempt_id, CallStatus.FAILED)
                    case _:
                        self.interview(dial.k, denies=turn % 2 == 0)
                        self.end(dial.k, attempt_id)
            self.wait(self.plan.gap_s)

    def report(self) -> Report:
        """Verify this session from its files alone."""
        return verify_bundle(
            Bundle(
                manifest=self.state.manifest.encode(),
                roster=write_roster(self.roster),
                transcript=transcript_of(self.records),
            )
        )

    def judge(self, verdict: Verdict = Verdict.CONFIRMED) -> None:
        """Vote and judge the round whose calls are closed."""
        self.tell(c.OpenVote())
        self.tell(c.CloseVote(7, 2, 1, 12))
        self.tell(c.GiveVerdict(verdict))

    def play_round(self) -> None:
        """Play one whole round from the draw to the verdict."""
        self.draw()
        self.go_on_to_the_verdict()

    def name(
        self,
        cadre: CadreNumber,
        *,
        by: NamedBy = NamedBy.PANEL,
        who: str = "评议团",
        reason: str = "多户反映见不到人",
    ) -> None:
        """Name a cadre instead of drawing one."""
        self.tell(c.NameCadre(cadre, by, who, reason, self.cadres))

    def go_on_to_the_verdict(self) -> None:
        """Play the round of the cadre on stage to the verdict."""
        self.tell(c.RecordPresence(Presence.IN_PERSON))
        self.tell(c.OpenCalls(self.households))
        self.finish_calls()
        self.judge()


@dataclass
class Assembly(Play):
    """A pledge assembly being played."""

    issues: tuple[Issue, ...] = ()

    @override
    def until_published(self) -> "Assembly":
        """Plan, set and publish the agenda."""
        self.tell(c.PlanSession(self.plan))
        self.tell(cg.SetAgenda(self.issues))
        self.tell(cg.PublishAgenda())
        return self

    def until_open(self) -> "Assembly":
        """Go on to the opening."""
        self.until_published()
        self.tell(c.OpenCeremony())
        return self

    def until_ordered(self) -> "Assembly":
        """Go on until the order stands."""
        self.until_open()
        if self.state.phase is Phase.CEREMONY:
            self.roll("123456789012345678901234")
        return self


def an_assembly(n: int, order: AgendaOrder = AgendaOrder.FIXED, **plan: object) -> Assembly:
    """An assembly of `n` issues."""
    return Assembly(plan=a_plan(agenda=order, **plan), issues=an_agenda(n))
