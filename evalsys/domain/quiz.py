"""How well does the cadre know his households: which questions are asked, by lot (Y24).

Questions come from plain answers of households that agreed. What could be asked of each cadre is
fixed with the roster, under a hash that stands in the cadre's line, before any die falls. Which of
it is asked is decided by the seed that orders the households' calls, so nobody picks it, and
everybody who has the bundle can redo it: each pair of household and field has a ticket, and the
smallest ones win; no field comes twice while others are left, nor a household where another would
do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from evalsys.domain.canonical import canonical
from evalsys.ids import CadreNumber, HouseholdCode

PROTOCOL: Final = "cadre-quiz/1"
MOST_QUESTIONS: Final = 5
"""More than a hall listens to."""

Pair = tuple[int, str]
"""Number of a household among those that agreed, and the code of a field."""


@dataclass(frozen=True, slots=True)
class QuizLeaf:
    """What could be asked of one cadre when the roster was frozen; opened when it is asked of.

    Households are numbered from 1 in an order of their own: the cadre learns which one a question
    is about, and must not learn from it which position of the calls is whose.
    """

    cadre: CadreNumber
    homes: tuple[str, ...]
    """Of each household the hash of its `home_leaf`, 64 hex: none can be exchanged afterwards."""
    items: tuple[Pair, ...]
    """Ascending, each once."""
    salt: str
    """32 hex: without it nobody finds out how many households of whom agreed."""

    @property
    def digest(self) -> str:
        """Its SHA-256, 64 hex, which stands in the cadre's line of roster.jsonl."""
        leaf = {
            "cadre": self.cadre,
            "homes": list(self.homes),
            "items": [list(pair) for pair in self.items],
            "salt": self.salt,
        }
        return sha256(canonical(leaf)).hexdigest()


def home_leaf(cadre: CadreNumber, n: int, household: HouseholdCode, salt: bytes) -> bytes:
    """Write which household is number `n`, for the auditor; nobody else can guess the salt."""
    return canonical({"cadre": cadre, "household": household, "n": n, "salt": salt.hex()})


def quiz_ticket(seed: str, pair: Pair) -> str:
    """Give a pair's ticket: SHA-256, lower-case hex."""
    n, field = pair
    return sha256(f"{PROTOCOL}|ticket|{seed}|{n}|{field}".encode()).hexdigest()


def quiz_questions(seed: str, offered: Iterable[Pair], count: int) -> tuple[Pair, ...]:
    """Choose `count` questions of those offered, in the order in which they are asked."""
    left = sorted(set(offered), key=lambda pair: (quiz_ticket(seed, pair), pair))
    asked: list[Pair] = []
    while left and len(asked) < count:
        fields, homes = {field for _, field in asked}, {n for n, _ in asked}
        best = min(left, key=lambda pair: (pair[1] in fields, pair[0] in homes))
        asked.append(best)
        left.remove(best)
    return tuple(asked)
