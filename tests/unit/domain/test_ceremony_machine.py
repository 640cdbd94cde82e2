"""Random steps of a ceremony in random order: whatever was accepted, both its forms verify."""

from hashlib import sha256

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from typing_extensions import override

from evalsys.domain.beacon import DEFAULT, Pulse
from evalsys.domain.draw_roster import write_roster
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live.decide_ceremony import bind_due, dice_due, round_to_bind
from evalsys.domain.live.fold import replay
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.views_ceremony import ceremony_view
from evalsys.domain.live.words import BeaconChoice, Clerk, NamedBy, Phase, Presence, Verdict
from evalsys.domain.transcript import AbortReason, bytes_to_sign
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding, Mark
from evalsys.ed25519 import is_signed
from evalsys.errors import EvalsysError
from tests.live_ceremony import Ceremonial, WitnessDevice
from tests.live_play import a_plan, some_cadres

BEACONS = st.sampled_from(BeaconChoice)


def a_pulse(number: int, *, chained: bool) -> Pulse:
    """Something of the shape of a signature; whose it is, the service asks and not the domain."""

    def spelling(of: int) -> str:
        first = f"80{sha256(str(of).encode()).hexdigest()}".ljust(96, "0")
        return first + "0" * 96 if chained else first

    if not chained:
        return Pulse(number, spelling(number))
    return Pulse(
        number, spelling(number), spelling(number - 1) if number > 1 else DEFAULT.group_hash
    )


class CeremonyMachine(RuleBasedStateMachine):
    """Clerks, witnesses, operator and relays try anything at any time."""

    @initialize(beacon=BEACONS, witnesses=st.integers(0, 3), households=st.integers(0, 3))
    def begin(self, beacon: BeaconChoice, witnesses: int, households: int) -> None:
        plan = a_plan(beacon=beacon, witnesses=witnesses, slots=2, min_delay_s=20, bind_margin_s=5)
        self.play = Ceremonial(plan=plan, cadres=some_cadres(6, households)).until_published()
        self.play.tell(c.OpenCeremony())

    def attempt(self, command: c.Command) -> None:
        before = self.play.state
        try:
            self.play.tell(command)
        except EvalsysError:
            assert self.play.state is before

    @rule(digits=st.integers(0, 9))
    def rehearse(self, digits: int) -> None:
        due = dice_due(self.play.state)
        self.attempt(cc.RehearseDice(str(digits) * (due.count if due else 12)))

    @rule()
    def cups(self) -> None:
        for clerk in Clerk:
            self.attempt(cc.SeatClerk(clerk))
        self.attempt(cc.CallCups())

    @rule(clerk=st.sampled_from(Clerk), digit=st.integers(1, 2), wrong=st.booleans())
    def type_dice(self, clerk: Clerk, digit: int, *, wrong: bool) -> None:
        due = dice_due(self.play.state)
        count = (due.count if due else 24) - wrong
        self.attempt(cc.TypeDice(clerk, str(digit) * count))

    @rule(command=st.sampled_from([cc.ConfirmDice(), cc.ConfirmDice(), cc.ReadAgain()]))
    def read_back(self, command: c.Command) -> None:
        self.attempt(command)

    @rule(shift=st.sampled_from([0, 0, 0, 1, -1]))
    def bind(self, shift: int) -> None:
        state = self.play.state
        number = round_to_bind(state, self.play.now) if bind_due(state) else 1000
        self.attempt(cc.BindRound(number + shift))

    @rule(shift=st.sampled_from([0, 0, 0, 1]), early=st.booleans())
    def reveal(self, shift: int, *, early: bool) -> None:
        bound = self.play.state.ceremony.bound
        if bound is None:
            return
        if not early:
            self.play.now = max(self.play.now, bound.round_time)
        chained = self.play.plan.beacon is BeaconChoice.DEFAULT
        self.attempt(cc.RevealBeacon(a_pulse(bound.round + shift, chained=chained)))

    @rule(n=st.integers(1, 4), back=st.sampled_from([0, 0, 0, 1]))
    def sign(self, n: int, back: int) -> None:
        lines, device = self.play.lines, WitnessDevice(n)
        line = len(lines) - 1 - back
        self.attempt(cc.SignLine(line, device.id, device.sign(bytes_to_sign(lines[line]))))

    @rule(seconds=st.sampled_from([1, 5, 20]))
    def wait(self, seconds: int) -> None:
        self.play.wait(seconds)

    @rule()
    def draw(self) -> None:
        self.attempt(c.DrawNext(self.play.cadres))

    @rule(number=st.integers(1, 6))
    def name(self, number: int) -> None:
        cadre = self.play.cadres[number - 1].cadre
        by, why = NamedBy.PANEL, "群众反映"
        self.attempt(c.NameCadre(cadre, by, "评议团", why, self.play.cadres))

    @rule()
    def go_through_the_round(self) -> None:
        if self.play.state.round is None:
            return
        self.attempt(c.RecordPresence(Presence.IN_PERSON))
        self.attempt(c.OpenCalls(self.play.households))
        if self.play.state.phase is Phase.CALLING:
            self.play.finish_calls()
            self.play.judge(Verdict.CONFIRMED)

    @rule(really=st.integers(0, 15))
    def end(self, really: int) -> None:
        self.attempt(c.CloseSession() if really else c.AbortSession(AbortReason.SAFETY))

    @invariant()
    def the_state_is_the_fold_of_the_record(self) -> None:
        if hasattr(self, "play"):
            assert replay(self.play.records) == self.play.state

    @invariant()
    def one_clerks_digits_are_shown_to_nobody(self) -> None:
        if not hasattr(self, "play") or self.play.state.ceremony.agreed:
            return
        for digits in self.play.state.ceremony.typed.values():
            assert digits not in str(ceremony_view(self.play.state)["dice"])

    @override
    def teardown(self) -> None:
        if not hasattr(self, "play"):
            return
        bundle = Bundle(
            manifest=self.play.state.manifest.encode(),
            roster=write_roster(self.play.roster),
            transcript=transcript_of(self.play.records),
        )
        report = verify_bundle(bundle, check_signature=lambda *_: True, check_witness=is_signed)
        failed = [step for step in report.steps if step.mark is Mark.FAIL]
        assert report.finding is not Finding.BAD, failed


TestCeremonyMachine = CeremonyMachine.TestCase
TestCeremonyMachine.settings = settings(max_examples=50, stateful_step_count=60)
