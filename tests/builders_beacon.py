"""Complete synthetic draws with a beacon: drand's real rounds, or a beacon of our own."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from pyblst import BlstP1Element, BlstP2Element
from typing_extensions import override

from evalsys.beacon.by_blst import _G1, _G2
from evalsys.beacon.check import check_signature
from evalsys.domain.beacon import (
    DEFAULT,
    QUICKNET,
    UNCHAINED_G1,
    BeaconRules,
    Chain,
    Pulse,
    Scheme,
    chain_hash,
)
from evalsys.domain.draw import household_seed, master_seed, slot_seed
from evalsys.domain.draw_roster import FrozenRoster
from evalsys.domain.manifest import Manifest
from evalsys.domain.transcript import TranscriptEntry, time_text
from evalsys.domain.verify import verify_bundle
from evalsys.domain.verify_steps import Report
from evalsys.ed25519 import is_signed
from evalsys.ids import CadreNumber
from tests.builders_draw import (
    Draw,
    Named,
    Outcome,
    Script,
    Told,
    a_manifest,
    a_roster,
    digits,
    mixed,
)

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "drand.json").read_text("utf-8")
)


def genuine(chain: Chain) -> list[Pulse]:
    """The real pulses of a pinned chain that the vectors hold, ascending."""
    return [_pulse(chain, one) for one in VECTORS[chain.name]["rounds"]]


def forged(chain: Chain = QUICKNET) -> list[tuple[str, Pulse]]:
    """What must be refused, with the reason."""
    return [(one["why"], _pulse(chain, one)) for one in VECTORS[chain.name]["must_reject"]]


def _pulse(chain: Chain, one: dict[str, Any]) -> Pulse:
    previous = one["previous_signature"] if chain.scheme.is_chained else ""
    return Pulse(one["round"], one["signature"], previous)


# Rounds that lie far enough apart to be bound one after the other.
USABLE = {
    QUICKNET.hash: [one for one in genuine(QUICKNET) if one.round > 3],
    DEFAULT.hash: genuine(DEFAULT),
}


class OurBeacon:
    """A beacon with a key of our own: it can sign every round, also ones to come."""

    def __init__(
        self, secret: int = 20261201, *, scheme: Scheme = UNCHAINED_G1, period_s: int = 3
    ) -> None:
        self._secret = secret
        self._of_signatures = BlstP1Element if scheme.coordinates == 1 else BlstP2Element
        of_keys, generator = (
            (BlstP2Element, _G2) if scheme.coordinates == 1 else (BlstP1Element, _G1)
        )
        key = of_keys().uncompress(bytes.fromhex(generator)).scalar_mul(secret).compress().hex()
        times, group = (period_s, QUICKNET.genesis), "ab" * 32
        digest = chain_hash("ours", key, *times, group)
        self.chain = Chain(digest, "ours", scheme, key, *times, group)

    def pulse(self, number: int) -> Pulse:
        """Round `number`, signed; not for chained schemes."""
        return Pulse(number, self.sign(self.chain.message(Pulse(number, ""))))

    def sign(self, message: bytes) -> str:
        """Sign anything."""
        hashed = self._of_signatures().hash_to_group(message, self.chain.scheme.domain_tag)
        signature: str = hashed.scalar_mul(self._secret).compress().hex()
        return signature


@dataclass(frozen=True)
class BeaconDraw(Draw):
    """A whole session with a beacon."""

    @override
    def verified(self) -> Report:
        """What the verifier says, signatures checked."""
        return verify_bundle(self.bundle, check_signature=check_signature, check_witness=is_signed)


def a_beacon_draw(  # noqa: PLR0913 - the parts of a session, each by name
    roster: FrozenRoster | None = None,
    manifest: Manifest | None = None,
    *,
    chain: Chain = QUICKNET,
    pulses: Sequence[Pulse] = (),
    rehearsal: bool = True,
    outcome: Outcome = mixed,
    named: Named = (),
) -> BeaconDraw:
    """Play a session that keeps every rule, with `pulses` (by default real ones) in turn."""
    roster = roster or a_roster()
    manifest = manifest or a_manifest(roster, beacon=BeaconRules(chain))
    given = pulses or USABLE[chain.hash]
    assert manifest.beacon is not None
    rolled = chain.round_time(given[0].round) - timedelta(seconds=manifest.beacon.min_delay_s + 1)
    opens = rolled - timedelta(seconds=3)
    script = BeaconScript(manifest, roster, rehearsal, outcome, named, opens, pulses=iter(given))
    return BeaconDraw(roster, manifest, tuple(script.play()))


@dataclass
class BeaconScript(Script):
    """Binds the next round in time, and waits until it exists."""

    pulses: Iterator[Pulse] = field(default_factory=lambda: iter(()))

    @property
    def rules(self) -> BeaconRules:
        """The manifest's."""
        assert self.manifest.beacon is not None
        return self.manifest.beacon

    @override
    def master_seed(self, sha: str) -> Told:
        pulse = next(self.pulses)
        yield self.dice("master", 24)
        yield from self._bound("master", 0, pulse)
        return master_seed(sha, digits("master", 24), **_fields(pulse))

    @override
    def slot_seed(self, master: str, j: int) -> Told:
        pulse = next(self.pulses)
        yield from self._bound("slot", j, pulse)
        return slot_seed(master, j, **_fields(pulse))

    @override
    def household_seed(self, seed: str, cadre: CadreNumber, j: int) -> Told:
        pulse = next(self.pulses)
        yield from self._bound("hh", j, pulse)
        return household_seed(seed, cadre, **_fields(pulse))

    def _bound(self, purpose: str, j: int, pulse: Pulse) -> Iterator[TranscriptEntry]:
        of = {"purpose": purpose, "j": j, "round": pulse.round}
        due = self.rules.chain.round_time(pulse.round)
        yield self.entry("bind", {**of, "round_time": time_text(due)})
        self.at = due - timedelta(seconds=1)
        signed = {"signature": pulse.signature, "randomness": pulse.randomness}
        if pulse.previous:
            signed["previous_signature"] = pulse.previous
        yield self.entry("beacon", {**of, **signed})


def _fields(pulse: Pulse) -> dict[str, str]:
    return {"beacon_round": str(pulse.round), "randomness": pulse.randomness}
