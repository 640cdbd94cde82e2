"""How well does the cadre know his households: which questions are asked, by lot (Y24).

Questions come from plain answers of households that agreed. Which ones is decided by the seed that
orders the households' calls, so nobody picks them, and everybody who has the record can redo it:
each offered pair of position and field has a ticket, and the smallest ones win; no field comes
twice while others are left, nor does a household where another would do.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final

PROTOCOL: Final = "cadre-quiz/1"
MOST_QUESTIONS: Final = 5
"""More than a hall listens to."""

Pair = tuple[int, str]
"""Position of a household in the frozen list, and the code of a field."""


def quiz_ticket(seed: str, pair: Pair) -> str:
    """Give a pair's ticket: SHA-256, lower-case hex."""
    k, field = pair
    return sha256(f"{PROTOCOL}|ticket|{seed}|{k}|{field}".encode()).hexdigest()


def quiz_questions(seed: str, offered: Iterable[Pair], count: int) -> tuple[Pair, ...]:
    """Choose `count` questions of those offered, in the order in which they are asked."""
    left = sorted(set(offered), key=lambda pair: (quiz_ticket(seed, pair), pair))
    asked: list[Pair] = []
    while left and len(asked) < count:
        fields, homes = {field for _, field in asked}, {k for k, _ in asked}
        best = min(left, key=lambda pair: (pair[1] in fields, pair[0] in homes))
        asked.append(best)
        left.remove(best)
    return tuple(asked)
