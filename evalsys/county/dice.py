"""Chance that repeats: the same seed and topic give the same fiction on every machine."""

import random  # noqa: TID251 - nobody is drawn here: fiction has to repeat from its seed
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

Item = TypeVar("Item")


class Dice(random.Random):
    """A stream of chance of its own for each topic, so that topics do not disturb each other."""

    def __init__(self, seed: int, topic: str) -> None:
        """Begin the stream of `topic` in the county of `seed`."""
        super().__init__(f"{seed}|{topic}")

    def happens(self, per_mille: float) -> bool:
        """Say yes so many times in a thousand."""
        return self.random() * 1000 < per_mille

    def one_of(self, items: Sequence[Item]) -> Item:
        """Pick one; faster than `choice`, which a whole county makes millions of times."""
        return items[int(self.random() * len(items))]


def apportion(total: int, weights: Sequence[float], least: int = 0) -> list[int]:
    """Split `total` by `weights`, each getting `least` when there is enough for all."""
    least = min(least, total // len(weights))
    rest = total - least * len(weights)
    parts = list(accumulate(weights))
    bounds = [0, *(round(rest * part / parts[-1]) for part in parts)]
    return [least + high - low for low, high in pairwise(bounds)]
