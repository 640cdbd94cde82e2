"""Questions about a cadre's households, asked on stage (Y24). Read with `events`.

No answer and no household is in the record: numbers, fields and how well it was known. With the
commitment of the frozen roster it stands in the transcript; records from before have no salt, and
no line.
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
    """A question that is asked, about household `k` of those that agreed."""

    k: int
    field: str


@dataclass(frozen=True, slots=True)
class QuizSet:
    """What could be asked in round `j`, and what the seed chose of it; `quiz` can redo it.

    `offered`, `homes` and `salt` open the roster's commitment; `withdrawn` of it can be asked no
    more, since a household took back its consent or its answer, or is under protection now.
    """

    j: int
    seed: str
    offered: tuple[QuizOffer, ...]
    asked: tuple[QuizQuestion, ...]
    homes: tuple[str, ...] = ()
    salt: str = ""
    withdrawn: tuple[QuizQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizAnswered:
    """How the cadre answered question `n`, from 1; a later one corrects an earlier."""

    j: int
    n: int
    mark: QuizMark


QuizEvent = QuizSet | QuizAnswered
