"""Playing a ceremony in memory: clerks, witnesses with keys of their own, drand's real rounds."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from typing_extensions import override

from evalsys.beacon.check import check_signature
from evalsys.domain.beacon import BeaconRules, Pulse
from evalsys.domain.draw_roster import write_roster
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_ceremony as cc
from evalsys.domain.live import events as e
from evalsys.domain.live.ceremony import beacon_rules
from evalsys.domain.live.decide_ceremony import round_to_bind
from evalsys.domain.live.transcript import transcript_of
from evalsys.domain.live.words import BeaconChoice, Presence
from evalsys.domain.transcript import bytes_to_sign
from evalsys.domain.tree_head import lines_of
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Report
from evalsys.ed25519 import is_signed
from tests.builders_beacon import USABLE
from tests.live_play import Play, a_plan


class WitnessDevice:
    """A witness's device: a key that never leaves it."""

    def __init__(self, number: int) -> None:
        self.id = f"W{number:02d}"
        self._key = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.key = self._key.public_key().public_bytes_raw().hex()

    def sign(self, data: bytes) -> str:
        """Sign anything."""
        return self._key.sign(data).hex()


@dataclass
class Ceremonial(Play):
    """A session with a beacon, witnesses or both, played at the times of drand's real rounds."""

    plan: e.Plan = field(default_factory=lambda: a_plan(beacon=BeaconChoice.QUICKNET, witnesses=3))
    pulses: Iterator[Pulse] = field(default_factory=lambda: iter(()))

    def __post_init__(self) -> None:
        self.devices = [WitnessDevice(n) for n in range(1, self.plan.witnesses + 1)]
        rules = beacon_rules(self.plan)
        if rules is not None:
            self.pulses = iter(USABLE[rules.chain.hash])

    @property
    def rules(self) -> BeaconRules:
        """The rules of the plan's beacon."""
        rules = beacon_rules(self.plan)
        assert rules is not None
        return rules

    @override
    def until_published(self) -> "Ceremonial":
        first = next(self.pulses, None)
        if first is not None:
            self.first = first
            before = timedelta(seconds=self.rules.min_delay_s)
            self.now = self.rules.chain.round_time(first.round) - before
            if not self.plan.rehearsal:
                self.now -= timedelta(hours=24 + self.plan.objection_hours, seconds=5)
        super().until_published()
        return self

    @override
    def enrol(self) -> None:
        for device in self.devices:
            self.tell(cc.EnrolWitness(device.id, device.key))

    def enrol_twice(self, witness: str, key: str) -> None:
        """Enrol as usual, and then somebody else."""
        usual = self.enrol

        def both() -> None:
            usual()
            self.tell(cc.EnrolWitness(witness, key))

        self.enrol = both  # type: ignore[method-assign]  # of this session alone
        self.until_published()

    def sign(self, *devices: WitnessDevice) -> None:
        """Let these witnesses, by default all, sign the last line."""
        line = len(self.lines) - 1
        for device in devices or self.devices:
            signature = device.sign(bytes_to_sign(self.lines[-1]))
            self.tell(cc.SignLine(line, device.id, signature))

    @property
    def lines(self) -> tuple[bytes, ...]:
        """The transcript so far."""
        return lines_of(transcript_of(self.records))

    def bind(self) -> int:
        """Bind the round that is due, and let the witnesses sign it."""
        number = round_to_bind(self.state, self.now)
        self.tell(cc.BindRound(number))
        self.sign_if_asked()
        return number

    def sign_if_asked(self) -> None:
        """Let everybody sign when the last line asks for it."""
        if self.state.ceremony.open_line is not None:
            self.sign()

    def reveal(self, pulse: Pulse) -> None:
        """Wait for the round, and reveal it."""
        self.now = max(self.now, self.rules.chain.round_time(pulse.round))
        self.tell(cc.RevealBeacon(pulse))

    @override
    def until_seeded(self) -> "Ceremonial":
        super().until_seeded()
        self.sign_if_asked()
        if self.plan.beacon is not BeaconChoice.NONE:
            self.bind()
            self.reveal(self.first)
        return self

    def until_bound(self) -> "Ceremonial":
        """Go on to the bound round of the master dice."""
        super().until_seeded()
        self.sign_if_asked()
        self.bind()
        return self

    def before(self, pulse: Pulse) -> None:
        """Let time pass until this round is the first that may be bound."""
        margin = timedelta(seconds=self.rules.bind_margin_s)
        self.now = self.rules.chain.round_time(pulse.round) - margin

    @override
    def draw(self) -> None:
        if self.plan.beacon is BeaconChoice.NONE:
            self.roll(f"{self.state.next_slot or 0:012}")
            self.sign_if_asked()
            self.tell(c.DrawNext(self.cadres))
            return
        slot, households = next(self.pulses), next(self.pulses)
        self.before(slot)
        self.bind()
        self.reveal(slot)
        self.before(households)
        self.tell(c.DrawNext(self.cadres))
        self.sign_if_asked()
        self.reveal(households)

    @override
    def until_calling(self) -> "Ceremonial":
        self.until_seeded()
        self.draw()
        self.tell(c.RecordPresence(Presence.IN_PERSON))
        self.tell(c.OpenCalls(self.households))
        return self

    @override
    def report(self) -> Report:
        return verify_bundle(
            Bundle(
                manifest=self.state.manifest.encode(),
                roster=write_roster(self.roster),
                transcript=transcript_of(self.records),
            ),
            check_signature=check_signature,
            check_witness=is_signed,
        )
