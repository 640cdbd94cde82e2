"""Complete synthetic draws: a frozen roster, a manifest, and a session that keeps the rules."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256

from evalsys.domain.beacon import BeaconRules
from evalsys.domain.draw import (
    FrozenCadre,
    draw_slot,
    household_order,
    household_seed,
    master_seed,
    slot_seed,
)
from evalsys.domain.draw_roster import FrozenRoster, roster_of, write_roster
from evalsys.domain.manifest import (
    Exclusion,
    FinalCode,
    HouseholdRules,
    Manifest,
    manifest_bytes,
    plan_manifest,
)
from evalsys.domain.quiz import QuizLeaf, quiz_questions
from evalsys.domain.transcript import TranscriptEntry, write_transcript
from evalsys.domain.verify import MANIFEST, ROSTER, SUMS, TRANSCRIPT, Bundle, sums_of, verify_bundle
from evalsys.domain.verify_steps import Report
from evalsys.domain.witness_keys import WitnessKey
from evalsys.ed25519 import is_signed
from evalsys.ids import CadreNumber, LiveId, Stratum
from tests.builders import NOON

SESSION = LiveId("5e551071" * 4)
REHEARSED = HouseholdRules(target=3, attempts=2, gap_s=1, parallel=3)
"""Calling as a rehearsal may shorten it."""


def digits(label: str, count: int) -> str:
    """Dice that fell the same way in every run of the tests."""
    return str(int(sha256(label.encode()).hexdigest(), 16))[-count:]


def a_quiz(cadre: CadreNumber, hh_n: int) -> QuizLeaf:
    """What can be asked about every second household, of each other things."""
    homes = tuple(sha256(f"{cadre} {n}".encode()).hexdigest() for n in range(hh_n // 2))
    fields = ("income", "land", "people", "water")
    items = tuple((n, field) for n in range(1, 1 + len(homes)) for field in fields[n % 3 :])
    return QuizLeaf(cadre, homes, items, sha256(cadre.encode()).hexdigest()[:32])


def a_cadre(
    i: int = 1, *, stratum: str = "A01", hh_n: int = 12, weight: int = 1, quiz: bool = False
) -> FrozenCadre:
    """The `i`-th cadre of a frozen roster."""
    number = CadreNumber(f"{i:08d}")
    return FrozenCadre(
        cadre=number,
        hh_n=hh_n,
        hh_root=sha256(b"%d" % i).hexdigest(),
        stratum=Stratum(stratum),
        weight=weight,
        quiz=a_quiz(number, hh_n).digest if quiz else "",
    )


def a_roster(n: int = 40, *, strata: int = 1, hh_n: int = 12, quiz: bool = False) -> FrozenRoster:
    """A frozen roster of `n` cadres, dealt to `strata` strata in turn."""
    prefix = "A" if strata == 1 else "T"
    return roster_of(
        a_cadre(i, stratum=f"{prefix}{i % strata + 1:02d}", hh_n=hh_n, quiz=quiz)
        for i in range(1, n + 1)
    )


def a_manifest(
    roster: FrozenRoster,
    *,
    slots: int = 2,
    hh: HouseholdRules = REHEARSED,
    exclusions: Iterable[Exclusion] = (),
    beacon: BeaconRules | None = None,
    witness_keys: Iterable[WitnessKey] = (),
) -> Manifest:
    """The manifest of a rehearsal over `roster`."""
    return plan_manifest(
        session=SESSION,
        roster=roster,
        slots=slots,
        hh=hh,
        exclusions=exclusions,
        beacon=beacon,
        witness_keys=witness_keys,
    )


@dataclass(frozen=True)
class Draw:
    """A whole session; change the parts with `replace` or `retold` and see what verifies."""

    roster: FrozenRoster
    manifest: Manifest
    entries: tuple[TranscriptEntry, ...]

    @cached_property
    def bundle(self) -> Bundle:
        """The published files, without SHA256SUMS."""
        return Bundle(
            manifest_bytes(self.manifest),
            write_roster(self.roster),
            write_transcript(self.entries, self.manifest.prev_head),
        )

    @property
    def files(self) -> dict[str, bytes]:
        """The published files by name, SHA256SUMS included."""
        bundle = self.bundle
        files = {
            MANIFEST: bundle.manifest or b"",
            ROSTER: bundle.roster or b"",
            TRANSCRIPT: bundle.transcript or b"",
        }
        return {**files, SUMS: sums_of(files)}

    def verified(self) -> Report:
        """What the verifier says."""
        return verify_bundle(self.bundle, check_witness=is_signed)

    def line_of(self, kind: str, nth: int = 0) -> int:
        """Index of the `nth` line of a type."""
        return [i for i, entry in enumerate(self.entries) if entry.type == kind][nth]

    def retold(self, kind: str, nth: int = 0, **changes: object) -> "Draw":
        """The same session with other words in the body of one line, chained anew."""
        i = self.line_of(kind, nth)
        entry = self.entries[i]
        changed = replace(entry, body={**entry.body, **changes})
        return replace(self, entries=(*self.entries[:i], changed, *self.entries[i + 1 :]))

    def without(self, kind: str, nth: int = 0) -> "Draw":
        """The same session with one line left out, chained anew."""
        i = self.line_of(kind, nth)
        return replace(self, entries=(*self.entries[:i], *self.entries[i + 1 :]))

    def inserted(self, i: int, kind: str, **body: object) -> "Draw":
        """The same session with one more line before index `i`, chained anew."""
        at = self.entries[min(i, len(self.entries) - 1)].at
        new = TranscriptEntry(at, kind, body)
        return replace(self, entries=(*self.entries[:i], new, *self.entries[i:]))


Outcome = Callable[[int, int], FinalCode]
"""How position k of slot j ends, as far as the household is concerned."""


Named = tuple[tuple[int, CadreNumber], ...]
"""(j, cadre): who is named and the households called after slot j; for 0, after the master seed."""


def mixed(j: int, k: int) -> FinalCode:
    """All six ends, dealt by position."""
    codes: tuple[FinalCode, ...] = (
        FinalCode.COMPLETED,
        FinalCode.NO_ANSWER,
        FinalCode.COMPLETED,
        *FinalCode,
    )
    return codes[(j + k) % len(codes)]


def a_draw(
    roster: FrozenRoster | None = None,
    manifest: Manifest | None = None,
    *,
    rehearsal: bool = True,
    outcome: Outcome = mixed,
    named: Named = (),
) -> Draw:
    """Play a whole session that keeps every rule; the same arguments give the same bytes."""
    roster = roster or a_roster()
    manifest = manifest or a_manifest(roster)
    script = Script(manifest, roster, rehearsal, outcome, named)
    return Draw(roster, manifest, tuple(script.play()))


Told = Generator[TranscriptEntry, None, str]
"""Lines, and at their end the seed that they make."""


@dataclass
class Script:
    """A session with dice alone; one with a beacon makes its seeds in another way."""

    manifest: Manifest
    roster: FrozenRoster
    rehearsal: bool
    outcome: Outcome
    named: Named = ()
    at: datetime = NOON
    calls: int = 0
    taken: set[CadreNumber] = field(default_factory=set)

    def play(self) -> Iterator[TranscriptEntry]:
        sha = sha256(manifest_bytes(self.manifest)).hexdigest()
        yield self.entry("manifest", {"sha256": sha})
        yield self.entry("open", {"rehearsal": self.rehearsal})
        master = yield from self.master_seed(sha)
        yield from self._naming(0, master)
        for j, stratum in enumerate(self.manifest.slots, start=1):
            seed = yield from self.slot_seed(master, j)
            yield from self._slot(j, stratum, seed)
            yield from self._naming(j, master)
        yield self.entry("close", {"slots": len(self.manifest.slots)})

    def master_seed(self, sha: str) -> Told:
        """Roll the master dice."""
        yield self.dice("master", 24)
        return master_seed(sha, digits("master", 24))

    def slot_seed(self, master: str, j: int) -> Told:
        """Roll the dice of a slot."""
        yield self.dice(f"slot {j}", 12, j=j)
        return slot_seed(master, j, digits(f"slot {j}", 12))

    def household_seed(self, seed: str, cadre: CadreNumber, j: int) -> Told:  # noqa: ARG002 - bound rounds name it
        """Take the household order from the slot's seed, or for j = 0 from the master seed."""
        yield from ()
        return household_seed(seed, cadre)

    def dice(self, label: str, count: int, **of: int) -> TranscriptEntry:
        """A line of dice; what they are for is the first word of `label`."""
        source = "rehearsal" if self.rehearsal else "cups"
        purpose = label.split(maxsplit=1)[0]
        body = {"purpose": purpose, "digits": digits(label, count), "source": source}
        return self.entry("dice", {**body, **of})

    def _slot(self, j: int, stratum: Stratum, seed: str) -> Iterator[TranscriptEntry]:
        result = draw_slot(
            seed,
            stratum,
            self.roster.cadres,
            excluded=self.manifest.excluded,
            taken=self.taken,
        )
        self.taken.add(result.cadre)
        yield self.entry(
            "slot",
            {
                "j": j,
                "stratum": stratum,
                "cadre": result.cadre,
                "ticket": result.ticket,
                "runners_up": [list(ticket) for ticket in result.runners_up],
                "eligible_n": result.eligible_n,
            },
        )
        yield from self._households(j, result.cadre, seed)

    def _naming(self, j: int, master: str) -> Iterator[TranscriptEntry]:
        for after, cadre in self.named:
            if after == j:
                yield self.entry("named", {"cadre": cadre, "by": "媒体", "reason": "热线反映"})
                yield from self._households(0, cadre, master)

    def _households(self, j: int, cadre: CadreNumber, seed: str) -> Iterator[TranscriptEntry]:
        hh_n = self.roster.by_cadre[cadre].hh_n
        seed = yield from self.household_seed(seed, cadre, j)
        yield from self._quiz(cadre, seed)
        order = household_order(seed, hh_n)
        yield self.entry("hh_order", {"j": j, "cadre": cadre, "order": list(order)})
        yield from self._calls(j, cadre, order)

    def _quiz(self, cadre: CadreNumber, seed: str) -> Iterator[TranscriptEntry]:
        """Ask three questions where the roster committed to some; one household took its back."""
        leaf = a_quiz(cadre, self.roster.by_cadre[cadre].hh_n)
        withdrawn = [pair for pair in leaf.items if pair[0] == 2]
        asked = quiz_questions(seed, set(leaf.items) - set(withdrawn), 3)
        if self.roster.by_cadre[cadre].quiz and asked:
            yield self.entry(
                "quiz",
                {
                    "cadre": cadre,
                    "salt": leaf.salt,
                    "homes": list(leaf.homes),
                    "items": [list(pair) for pair in leaf.items],
                    "withdrawn": [list(pair) for pair in withdrawn],
                    "asked": [list(pair) for pair in asked],
                },
            )

    def _calls(
        self, j: int, cadre: CadreNumber, order: tuple[int, ...]
    ) -> Iterator[TranscriptEntry]:
        rules, completed = self.manifest.hh, 0
        waiting = list(order)
        window: list[int] = []
        while (waiting or window) and completed < rules.target:
            while waiting and len(window) < rules.parallel:
                window.append(waiting.pop(0))
                yield self.entry("hh_open", {"cadre": cadre, "k": window[-1]})
            k = window.pop(0)
            code = self.outcome(j, k)
            yield from self._position(cadre, k, code)
            completed += code is FinalCode.COMPLETED

    def _position(self, cadre: CadreNumber, k: int, code: FinalCode) -> Iterator[TranscriptEntry]:
        where = {"cadre": cadre, "k": k}
        statuses = {
            FinalCode.NO_ANSWER: ("busy", "no-answer", "completed")[: self.manifest.hh.attempts],
            FinalCode.INVALID_NUMBER: ("failed",) if k % 2 else (),
        }.get(code, ("completed",))
        if code is FinalCode.COMPLETED:
            sha = sha256(f"{self.calls}|{cadre}|{k}".encode()).hexdigest()
            yield self.entry("score", {**where, "sha256": sha})
        for attempt, status in enumerate(statuses, start=1):
            self.calls += 1
            yield self.entry(
                "call",
                {
                    **where,
                    "attempt": attempt,
                    "sid": f"CA{self.calls:032x}",
                    "status": status,
                    "ring_s": 6,
                    "talk_s": 40 if status == "completed" else 0,
                },
                after_s=self.manifest.hh.gap_s + 6,
            )
        yield self.entry("hh_final", {**where, "code": code.value})

    def entry(self, kind: str, body: Mapping[str, object], *, after_s: int = 1) -> TranscriptEntry:
        """The next line, `after_s` seconds after the one before."""
        self.at += timedelta(seconds=after_s)
        return TranscriptEntry(self.at, kind, body)
