"""One measured figure beside its peer, and taking turns so that both meet the same machine."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """A median, the peer's median from the same run, and the target that was promised."""

    bench: str
    figure: str
    value: float
    unit: str
    peer: str = ""
    """Name of what it is measured beside; empty when there is nothing comparable."""
    peer_value: float | None = None
    target: float | None = None
    """The worst value that still keeps the promise; None when nothing was promised."""
    higher_is_better: bool = False

    @property
    def ratio(self) -> float | None:
        """How many times better than the peer: above 1 is better, whatever the unit."""
        if self.peer_value is None or not self.value or not self.peer_value:
            return None
        better = self.value / self.peer_value
        return better if self.higher_is_better else 1 / better

    @property
    def ok(self) -> bool:
        """Whether the promise is kept; true when nothing was promised."""
        if self.target is None:
            return True
        return self.value >= self.target if self.higher_is_better else self.value <= self.target

    def as_json(self) -> dict[str, str | float | bool | None]:
        """The shape of `scripts/bench --json`, which stays stable (docs/formats/bench.md)."""
        return {
            "bench": self.bench,
            "figure": self.figure,
            "value": round(self.value, 6),
            "unit": self.unit,
            "peer": self.peer or None,
            "peer_value": None if self.peer_value is None else round(self.peer_value, 6),
            "ratio": None if self.ratio is None else round(self.ratio, 3),
            "target": self.target,
            "ok": self.ok,
        }


def in_turn(repeat: int, *runs: Callable[[], object], warm: bool = True) -> list[float]:
    """Run each of `runs` `repeat` times, one after the other in turn; give median seconds of each.

    One unmeasured round warms caches first, unless `warm` says that there is nothing to warm.
    Rubbish is collected before each run, not in it.
    """
    for run in runs if warm else ():
        run()
    seconds: list[list[float]] = [[] for _ in runs]
    for _ in range(repeat):
        for run, taken in zip(runs, seconds, strict=True):
            gc.collect()
            start = perf_counter()
            run()
            taken.append(perf_counter() - start)
    return [median(taken) for taken in seconds]


def once(*runs: Callable[[], object]) -> list[float]:
    """Run each of `runs` a single time, unwarmed; give the seconds of each."""
    seconds = []
    for run in runs:
        gc.collect()
        start = perf_counter()
        run()
        seconds.append(perf_counter() - start)
    return seconds
