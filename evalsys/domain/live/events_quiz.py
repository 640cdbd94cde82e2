"""Questions about a cadre's households, asked on stage (Y24). Read with `events`.

No answer and no household is in the record: positions, fields and how well it was known.
"""

from dataclasses import dataclass
from enum import StrEnum


class QuizMark(StrEnum):
    """How well the cadre knew it."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class QuizOffer:
    """A question that could be asked of these households: they agreed, and the form has it."""

    field: str
    title: str
    english: str
    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question that is asked, about the household at position `k`."""

    k: int
    field: str


@dataclass(frozen=True, slots=True)
class QuizSet:
    """What could be asked in round `j`, and what the seed chose of it; `quiz` can redo it."""

    j: int
    seed: str
    offered: tuple[QuizOffer, ...]
    asked: tuple[QuizQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuizAnswered:
    """How the cadre answered question `n`, from 1; a later one corrects an earlier."""

    j: int
    n: int
    mark: QuizMark


QuizEvent = QuizSet | QuizAnswered
