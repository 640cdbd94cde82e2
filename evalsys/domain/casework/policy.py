"""The dated, cited numbers of the request loop 时限规则, and what holds on a day."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from evalsys.domain.casework.words import CloseReason, RequestKind, Step
from evalsys.domain.rulebook import Citation, Dated
from evalsys.domain.taxonomy import Urgency
from evalsys.errors import InvalidInput

DEFAULT_LIMIT = "default"
PETITION_LIMIT = "petition"


class Unit(StrEnum):
    """What a limit counts."""

    WORKDAYS = "工作日"
    DAYS = "日"


@dataclass(frozen=True, slots=True)
class Number:
    """A number of policy with all its dated values."""

    name: str
    title: str
    unit: str
    source: Citation
    values: tuple[Dated, ...]

    def on(self, day: date) -> int:
        """Return the value of `day`.

        Raises:
            InvalidInput: none is in force on that day.
        """
        for dated in self.values:
            if dated.holds_on(day):
                return dated.value
        raise InvalidInput(
            f"“{self.title}”在 {day.isoformat()} 没有取值。",
            remedy="请在时限规则中补上这一天的取值。",
            place=self.name,
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a class of requests may take 限时办结, and how far it may be put off, once."""

    name: str
    title: str
    unit: Unit
    urgency: int
    """The greater the sooner it comes on an agenda (Y70)."""
    holds_for: Urgency | None
    """Classes of this urgency in the taxonomy have this limit; None: by name only."""
    days: Number
    extension: Number | None


@dataclass(frozen=True, slots=True)
class PauseReason:
    """Why a clock may wait, and for how many working days in all."""

    name: str
    title: str
    cap: Number


@dataclass(frozen=True, slots=True)
class ReasonRule:
    """A reason to close a request: what it is called, and whether a second person must approve."""

    reason: CloseReason
    title: str
    needs_approval: bool
    source: Citation


@dataclass(frozen=True, slots=True)
class Stage:
    """One label of a set, and the steps of the loop that it covers."""

    label: str
    english: str
    steps: frozenset[Step]


@dataclass(frozen=True, slots=True)
class StageSet:
    """The names of the loop's stages: six 六步, five 五环节 or three (L07, L22, J04)."""

    name: str
    title: str
    source: str
    stages: tuple[Stage, ...]
    kind: RequestKind | None = None
    """Requests of this kind are shown in it; None: only where it is chosen, or is the first."""

    def at(self, step: Step) -> int:
        """Return the place, from 0, of the stage that covers `step`."""
        return next(n for n, stage in enumerate(self.stages) if step in stage.steps)


NUMBERS = (
    "verify_days",
    "accept_workdays",
    "settle_workdays",
    "approve_workdays",
    "interim_workdays",
    "attend_workdays",
    "callback_workdays",
    "words_kept_months",
    "yellow_percent",
    "pause_cap_workdays",
    "duplicate_percent",
)
"""What a policy must give, beside `hold_1` ... for each level of the grid."""


@dataclass(frozen=True, slots=True)
class Policy:
    """One set of numbers and labels. `stage_sets` keeps the order of the file."""

    name: str
    title: str
    numbers: Mapping[str, Number]
    limits: Mapping[str, Limit]
    pauses: Mapping[str, PauseReason]
    reasons: Mapping[CloseReason, ReasonRule]
    stage_sets: tuple[StageSet, ...]

    @property
    def version(self) -> str:
        """What identifies these very numbers: 16 hex digits of their SHA-256."""
        text = json.dumps(asdict(self), default=_plain, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def number(self, name: str, day: date) -> int:
        """Return a number as of `day`."""
        return self.numbers[name].on(day)

    def hold_workdays(self, level: int, day: date) -> int | None:
        """Return how many working days a level may hold a request; None for the last level."""
        number = self.numbers.get(f"hold_{level}")
        return None if number is None else number.on(day)

    def stage_set(self, kind: RequestKind, chosen: str = "") -> StageSet:
        """Return the set of a name; without it that of the kind, or the first."""
        named = [one for one in self.stage_sets if one.name == chosen]
        of_kind = [one for one in self.stage_sets if one.kind is kind]
        return (*named, *of_kind, *self.stage_sets)[0]

    def limit(self, name: str) -> Limit:
        """Return a class of limits, the default one for a name that is not known."""
        return self.limits.get(name) or self.limits[DEFAULT_LIMIT]

    def limit_for(self, urgency: Urgency, *, is_petition: bool) -> str:
        """Name the limit to begin with: a petition has its own, whatever it is about."""
        if is_petition:
            return PETITION_LIMIT
        found = (each.name for each in self.limits.values() if each.holds_for is urgency)
        return next(found, DEFAULT_LIMIT)


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return str(value)
