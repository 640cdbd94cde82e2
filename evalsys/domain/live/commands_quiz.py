"""What somebody wants to happen with the questions about households (Y24). Read with `commands`."""

from dataclasses import dataclass

from evalsys.domain.live.events_quiz import QuizMark, QuizOffer, QuizQuestion
from evalsys.domain.quiz import QuizLeaf


@dataclass(frozen=True, slots=True)
class SetQuiz:
    """Let the seed choose `count` of the questions that can be asked of the cadre on stage.

    `leaf` is what the roster committed to, None when it did not; `offered` says it field by field.
    """

    count: int
    leaf: QuizLeaf | None
    offered: tuple[QuizOffer, ...]
    withdrawn: tuple[QuizQuestion, ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerQuiz:
    """Record how the cadre answered question `n`."""

    n: int
    mark: QuizMark


QuizCommand = SetQuiz | AnswerQuiz
