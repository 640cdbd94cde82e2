"""Questions about households: once a round, chosen by the seed, marked by a person (Y24)."""

from collections.abc import Callable, Mapping
from datetime import datetime

from evalsys.domain.draw import household_seed
from evalsys.domain.live import commands as c
from evalsys.domain.live import commands_quiz as cq
from evalsys.domain.live import events as e
from evalsys.domain.live.decide_ceremony import household_randomness
from evalsys.domain.live.events_quiz import QuizAnswered, QuizQuestion, QuizSet
from evalsys.domain.live.needs import need, round_of
from evalsys.domain.live.state import LiveState, hears_programmes, is_assembly
from evalsys.domain.live.words import Phase
from evalsys.domain.quiz import MOST_QUESTIONS, quiz_questions
from evalsys.errors import InvalidInput, NotFound, RuleViolation


def set_quiz(state: LiveState, command: cq.SetQuiz, _at: datetime) -> tuple[e.Event, ...]:
    """Choose the questions of the cadre on stage; whoever is in the hall cannot.

    Raises:
        WrongPhase: no cadre is answering.
        RuleViolation: they are chosen already, or no household agreed.
        InvalidInput: it is no number of questions.
    """
    if is_assembly(state) or hears_programmes(state):
        raise RuleViolation("本场没有干部答题这一步。", remedy="请在干部调查大会上使用。")
    need(state, "抽取民情问答", Phase.ANSWERING, Phase.CALLING)
    current = round_of(state)
    if current.quiz is not None:
        raise RuleViolation("本轮的题目已经抽定，不能重抽。", remedy="请按抽定的题目提问。")
    if not 1 <= command.count <= MOST_QUESTIONS:
        raise InvalidInput(f"题数应为 1 到 {MOST_QUESTIONS}。", remedy="请重新填写。", place="题数")
    leaf = command.leaf
    pairs = set(leaf.items) - {(one.k, one.field) for one in command.withdrawn} if leaf else set()
    if leaf is None or not pairs:
        raise RuleViolation(
            "冻结名册时，这名干部的联系户没有同意现场提问的，或民情表还没有填；或者都已撤回。",
            remedy="请直接进行下一步；不得改问别的内容。",
        )
    seed = household_seed(current.seed, current.cadre, **household_randomness(state))
    asked = tuple(QuizQuestion(*pair) for pair in quiz_questions(seed, pairs, command.count))
    return (
        QuizSet(current.j, seed, command.offered, asked, leaf.homes, leaf.salt, command.withdrawn),
    )


def answer_quiz(state: LiveState, command: cq.AnswerQuiz, _at: datetime) -> tuple[e.Event, ...]:
    """Record how a question was answered; until the panel votes it can be corrected.

    Raises:
        WrongPhase: the cadre is not on stage any more.
        NotFound: there is no such question.
    """
    need(state, "记录民情问答", Phase.ANSWERING, Phase.CALLING)
    current = round_of(state)
    if current.quiz is None or not 1 <= command.n <= len(current.quiz.asked):
        raise NotFound("没有这一题。", remedy="请先抽题，再从列表中选择。")
    return (QuizAnswered(current.j, command.n, command.mark),)


QUIZ: Mapping[type[c.Command], Callable[..., tuple[e.Event, ...]]] = {
    cq.SetQuiz: set_quiz,
    cq.AnswerQuiz: answer_quiz,
}
