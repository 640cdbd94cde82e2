"""What somebody wants to happen with the questions about households (Y24). Read with `commands`."""

from dataclasses import dataclass

from evalsys.domain.live.events_quiz import QuizMark, QuizOffer


@dataclass(frozen=True, slots=True)
class SetQuiz:
    """Let the seed choose `count` of the questions that can be asked of the cadre on stage."""

    count: int
    offered: tuple[QuizOffer, ...]


@dataclass(frozen=True, slots=True)
class AnswerQuiz:
    """Record how the cadre answered question `n`."""

    n: int
    mark: QuizMark


QuizCommand = SetQuiz | AnswerQuiz
