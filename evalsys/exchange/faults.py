"""The fault switch: what carriers do to applications now and then, on purpose and by a seed.

A specification is clauses separated by commas: `NAME=SHARE` or `NAME=SHARE:SECONDS`, with a
share from 0 to 1 of what is hit; `outage=SECONDS`, `outage=SECONDS@AFTER`, either followed by
`:away`, `:hang` or `:503`; `seed=N`. Seconds are those of the lines: `--speed` shortens them.
"""

import re
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.exchange.dice import Dice

CALLBACK_FAULTS = frozenset({"duplicate", "reorder", "delay", "drop"})
API_FAULTS = frozenset({"429", "500", "hang", "half", "lost"})
_DEFAULT_SECONDS = {"delay": 5.0, "hang": 30.0}
_OUTAGES = ("away", "hang", "503")
_CLAUSE = re.compile(
    r"(?P<name>[a-z0-9]+)=(?P<value>[0-9]+(?:\.[0-9]+)?)"
    r"(?:@(?P<after>[0-9]+(?:\.[0-9]+)?))?(?::(?P<more>[a-z0-9.]+))?"
)
_LONGEST_SECONDS = 24 * 3600.0


class FaultSpecError(ValueError):
    """A specification that cannot be read; the message names the clause and what is wrong."""

    def __init__(self, clause: str, wrong: str) -> None:
        """Say `wrong` of a clause."""
        super().__init__(f"{clause}（{wrong}）")
        self.clause = clause


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault: how often, and how long where that matters."""

    share: float
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of time in which the exchange is away."""

    seconds: float
    after: float = 0.0
    how: str = "away"
    """away: connections are closed without an answer; hang: nothing is answered until it is
    over; 503: refused. In each case no application is asked anything meanwhile."""


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """What a specification asks for."""

    faults: Mapping[str, Fault]
    outage: Outage | None = None
    seed: int | None = None


def parse_faults(text: str) -> FaultSpec:
    """Read a specification; an empty one asks for nothing.

    Raises:
        FaultSpecError: a clause is not understood.
    """
    faults: dict[str, Fault] = {}
    outage: Outage | None = None
    seed: int | None = None
    for clause in filter(None, (each.strip() for each in text.split(","))):
        found = _CLAUSE.fullmatch(clause)
        if found is None:
            raise FaultSpecError(clause, "须写成 名称=数 或 名称=数:秒")
        name = found["name"]
        if name in faults or (name == "outage" and outage) or (name == "seed" and seed is not None):
            raise FaultSpecError(clause, "同一种写了两次")
        if name == "outage":
            outage = _outage(clause, found)
        elif name == "seed":
            if not found["value"].isdigit() or found["more"] or found["after"]:
                raise FaultSpecError(clause, "seed 只能是整数")
            seed = int(found["value"])
        else:
            faults[name] = _fault(clause, found)
    return FaultSpec(faults, outage, seed)


def _fault(clause: str, found: re.Match[str]) -> Fault:
    name, share = found["name"], float(found["value"])
    known = name in CALLBACK_FAULTS | API_FAULTS
    takes_seconds = name in _DEFAULT_SECONDS
    if not known:
        every = "、".join((*sorted(CALLBACK_FAULTS | API_FAULTS), "outage", "seed"))
        raise FaultSpecError(clause, f"没有这种故障，有的是 {every}")
    if share > 1:
        raise FaultSpecError(clause, "份额是 0 到 1 的数")
    if found["after"] or (found["more"] and not takes_seconds):
        timed = "、".join(_DEFAULT_SECONDS)
        raise FaultSpecError(clause, f"只有 {timed} 后面可以写 :秒，只有 outage 可以写 @秒")
    return Fault(share, _seconds(clause, found["more"], _DEFAULT_SECONDS.get(name, 0.0)))


def _outage(clause: str, found: re.Match[str]) -> Outage:
    how = found["more"] or _OUTAGES[0]
    seconds = float(found["value"])
    after = float(found["after"] or 0)
    if how not in _OUTAGES:
        raise FaultSpecError(clause, f"冒号后面只能是 {'、'.join(_OUTAGES)}")
    if not 0 < seconds <= _LONGEST_SECONDS or after > _LONGEST_SECONDS:
        raise FaultSpecError(clause, "秒数要大于 0，不超过一天")
    return Outage(seconds, after, how)


def _seconds(clause: str, raw: str | None, default: float) -> float:
    try:
        seconds = float(raw) if raw else default
    except ValueError as error:
        raise FaultSpecError(clause, "冒号后面是秒数") from error
    if seconds > _LONGEST_SECONDS:
        raise FaultSpecError(clause, "秒数不超过一天")
    return seconds


class Faults:
    """The switch as it stands, and how often each fault was dealt."""

    def __init__(self, text: str, *, seed: int, speed: float) -> None:
        """Deal the faults of a specification, by `seed` unless it names its own."""
        self._default_seed = seed
        self._speed = speed
        self.dealt: Counter[str] = Counter()
        self.text = ""
        self.set(text)

    def set(self, text: str) -> None:
        """Change what is dealt from now on; an outage is counted from this moment.

        Raises:
            FaultSpecError: nothing has changed.
        """
        self._spec = parse_faults(text)
        self.text = text
        self._since = time.monotonic()
        self._occasions: Counter[str] = Counter()

    def strikes(self, name: str, *occasion: str) -> bool:
        """Say whether a fault hits: by the seed and the how-many-th such occasion it is."""
        fault = self._spec.faults.get(name)
        if fault is None:
            return False
        key = "|".join((name, *occasion))
        self._occasions[key] += 1
        seed = self._default_seed if self._spec.seed is None else self._spec.seed
        hit = Dice(seed, "fault", key, self._occasions[key]).share("hit") < fault.share
        self.dealt[name] += hit
        return hit

    def seconds(self, name: str) -> float:
        """Return how long a fault lasts, in seconds on the wall."""
        fault = self._spec.faults.get(name)
        return fault.seconds / self._speed if fault is not None else 0.0

    @property
    def outage_left(self) -> float:
        """Seconds on the wall until the present outage is over; 0 when there is none."""
        outage = self._spec.outage
        if outage is None:
            return 0.0
        begin = self._since + outage.after / self._speed
        end = begin + outage.seconds / self._speed
        now = time.monotonic()
        return end - now if begin <= now < end else 0.0

    @property
    def outage_kind(self) -> str:
        """How the exchange is away."""
        return self._spec.outage.how if self._spec.outage is not None else ""

    def as_json(self) -> dict[str, object]:
        """Return the switch as its page shows it."""
        return {
            "faults": self.text,
            "dealt": dict(sorted(self.dealt.items())),
            "outage_left_seconds": round(self.outage_left, 3),
        }
