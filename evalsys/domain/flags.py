"""Signs that something may be wrong with what households said: shown to people, never acted on.

Each check is a pure function over coarse facts and gives flags with their evidence. A flag names
cadres, rounds and codes of households, never a telephone number and never who scored what. What
follows from one is decided by a person, with a reason (reliability, section 4).
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from evalsys.domain.canonical import Json, canonical
from evalsys.domain.scoring import HIDE_BELOW

ALIKE_FROM = 3
"""So many calls of one round must have the very same rhythm before it is worth a look."""
RHYTHM_FROM = 3
"""A rhythm of fewer keys says nothing."""
HASTY_FROM = 2
BURST_WITHIN = timedelta(minutes=10)
BURST_FROM = HIDE_BELOW
BURST_PERCENT = 80
"""Of a cadre's linked households, so many must have answered for their haste to mean anything."""
JUMP_TENTHS = 10
"""A change of a whole point of five between two waves."""


class FlagKind(StrEnum):
    """What looks odd."""

    SHARED_NUMBER = "shared_number"
    OFFICIAL_NUMBER = "official_number"
    SAME_RHYTHM = "same_rhythm"
    FASTER_THAN_PROMPT = "faster_than_prompt"
    BURST = "burst"
    JUMP = "jump"


class FlagDecision(StrEnum):
    """What a person made of a flag."""

    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Flag:
    """One sign: about whom, and what was seen. The same evidence is the same flag."""

    kind: FlagKind
    subject: str
    """A cadre's number, or for numbers the household's code that comes first."""
    evidence: Mapping[str, Json]

    @property
    def id(self) -> str:
        """Name the flag by what it says, so that finding it again is finding the same one."""
        said = {"evidence": dict(self.evidence), "kind": self.kind.value, "subject": self.subject}
        return hashlib.sha256(canonical(said)).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where cadres were judged: a round of a session, or a campaign; and about whom."""

    place: str
    """Such as `0123…cdef/3`."""
    cadre: str


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How one call's keys came, apart from the call: half seconds, without the score's."""

    waits: tuple[int, ...]
    """From the beginning of each question to its key, in half seconds."""
    prompts: tuple[int, ...]
    """How long each question takes to say, in half seconds."""

    @property
    def is_hasty(self) -> bool:
        """Whether every key came before a third of its question was said."""
        pairs = tuple(zip(self.waits, self.prompts, strict=True))
        return len(pairs) >= RHYTHM_FROM and all(3 * wait < said for wait, said in pairs)


@dataclass(frozen=True, slots=True)
class Wave:
    """A cadre's released figure at one time; rounds with too few answers have none."""

    place: str
    held_at: datetime
    n: int
    tenths: int | None


def shared_numbers(groups: Iterable[Sequence[str]]) -> Iterator[Flag]:
    """Flag each number that serves several households; none of them can be called."""
    for group in groups:
        codes: list[Json] = [*sorted(group)]
        if len(codes) > 1:
            yield Flag(FlagKind.SHARED_NUMBER, min(group), {"households": codes})


def official_numbers(
    cadres: Iterable[tuple[str, str]], units: Iterable[tuple[str, str]] = ()
) -> Iterator[Flag]:
    """Flag each household whose number is a cadre's, or an office's: it cannot be called."""
    owners: dict[str, dict[str, set[str]]] = {}
    for kind, pairs in (("cadres", cadres), ("units", units)):
        for household, owner in pairs:
            owners.setdefault(household, {}).setdefault(kind, set()).add(owner)
    for household, found in sorted(owners.items()):
        evidence: dict[str, Json] = {kind: [*sorted(whose)] for kind, whose in found.items()}
        yield Flag(FlagKind.OFFICIAL_NUMBER, household, evidence)


def same_rhythm(rounds: Mapping[Occasion, Sequence[Rhythm]]) -> Iterator[Flag]:
    """Flag rounds in which several calls were answered in the very same rhythm."""
    for occasion in sorted(rounds, key=_by_place):
        counts = Counter(r.waits for r in rounds[occasion] if len(r.waits) >= RHYTHM_FROM)
        for waits, calls in sorted(counts.items()):
            if calls >= ALIKE_FROM:
                seen: dict[str, Json] = {
                    "place": occasion.place,
                    "calls": calls,
                    "of": len(rounds[occasion]),
                    "half_seconds": list(waits),
                }
                yield Flag(FlagKind.SAME_RHYTHM, occasion.cadre, seen)


def faster_than_prompt(rounds: Mapping[Occasion, Sequence[Rhythm]]) -> Iterator[Flag]:
    """Flag rounds in which several calls were answered before the questions could be heard."""
    for occasion in sorted(rounds, key=_by_place):
        hasty = sum(rhythm.is_hasty for rhythm in rounds[occasion])
        if hasty >= HASTY_FROM:
            seen: dict[str, Json] = {
                "place": occasion.place,
                "calls": hasty,
                "of": len(rounds[occasion]),
            }
            yield Flag(FlagKind.FASTER_THAN_PROMPT, occasion.cadre, seen)


def bursts(
    answers: Mapping[Occasion, Sequence[datetime]], linked: Mapping[str, int]
) -> Iterator[Flag]:
    """Flag cadres whose households answered a campaign all within minutes.

    A live session calls its households within minutes by itself: leave those out.
    """
    for occasion in sorted(answers, key=_by_place):
        times, all_linked = sorted(answers[occasion]), linked.get(occasion.cadre, 0)
        if len(times) < BURST_FROM or 100 * len(times) < BURST_PERCENT * all_linked:
            continue
        within = times[-1] - times[0]
        if within <= BURST_WITHIN:
            seen: dict[str, Json] = {
                "place": occasion.place,
                "answered": len(times),
                "linked": all_linked,
                "minutes": -(-int(within.total_seconds()) // 60),
            }
            yield Flag(FlagKind.BURST, occasion.cadre, seen)


def jumps(waves: Mapping[str, Sequence[Wave]]) -> Iterator[Flag]:
    """Flag cadres whose figure moved by a whole point or more since the wave before."""
    for cadre in sorted(waves):
        told = sorted(
            (wave for wave in waves[cadre] if wave.tenths is not None and wave.n >= HIDE_BELOW),
            key=lambda wave: (wave.held_at, wave.place),
        )
        for before, after in pairwise(told):
            if abs((after.tenths or 0) - (before.tenths or 0)) >= JUMP_TENTHS:
                seen: dict[str, Json] = {
                    "from": before.tenths,
                    "from_place": before.place,
                    "to": after.tenths,
                    "place": after.place,
                }
                yield Flag(FlagKind.JUMP, cadre, seen)


def _by_place(occasion: Occasion) -> tuple[str, str]:
    return occasion.place, occasion.cadre
