"""Questions about households: chosen by the seed, marked by a person, nothing personal shown."""

import pytest

from evalsys.domain.live.codec import decode, encode, kind_of
from evalsys.domain.live.commands_quiz import AnswerQuiz, SetQuiz
from evalsys.domain.live.events_quiz import QuizMark, QuizOffer, QuizQuestion, QuizSet
from evalsys.domain.live.views import Display, RoundClaims, public_view
from evalsys.domain.quiz import QuizLeaf, quiz_questions
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from tests.builders import NOON
from tests.live_play import Play

SEED = "ab" * 32
OFFERED = (
    QuizOffer("income", "主要收入来源", "Main source of income", (1, 3, 5)),
    QuizOffer("water", "饮水", "Drinking water", (3,)),
    QuizOffer("land", "承包地亩数", "Contracted land, mu", (2, 5)),
)
PAIRS = [(k, offer.field) for offer in OFFERED for k in offer.positions]
LEAF = QuizLeaf(
    CadreNumber("00000001"), tuple(f"{n:064x}" for n in range(5)), tuple(sorted(PAIRS)), "5a" * 16
)


def test_the_choice_is_the_seed_s_and_anybody_can_redo_it() -> None:
    asked = quiz_questions(SEED, PAIRS, 3)
    assert asked == ((2, "land"), (3, "income"), (3, "water"))  # frozen: a record hangs on it
    assert quiz_questions(SEED, reversed(PAIRS), 3) == asked
    assert len({quiz_questions(f"{n:064x}", PAIRS, 3) for n in range(20)}) > 5


def test_no_field_and_no_household_twice_while_others_are_left() -> None:
    for n in range(50):
        asked = quiz_questions(f"{n:064x}", PAIRS, 3)
        assert {field for _, field in asked} == {"income", "water", "land"}
        assert len({k for k, _ in asked}) >= 2
    assert sorted(quiz_questions(SEED, PAIRS, 9)) == sorted(PAIRS)


def test_a_round_s_questions_are_set_once_marked_and_shown_without_a_household() -> None:
    play = Play().until_calling()
    step = play.state.step
    gone = (QuizQuestion(3, "water"),)
    (event,) = play.tell(SetQuiz(2, LEAF, OFFERED, gone))
    assert isinstance(event, QuizSet)
    assert decode(kind_of(type(event)), encode(event)) == event
    assert (event.homes, event.salt, event.withdrawn) == (LEAF.homes, LEAF.salt, gone)
    redone = quiz_questions(event.seed, set(PAIRS) - {(3, "water")}, 2)
    assert tuple((one.k, one.field) for one in event.asked) == redone
    with pytest.raises(RuleViolation, match="不能重抽"):
        play.tell(SetQuiz(2, LEAF, OFFERED))
    play.tell(AnswerQuiz(1, QuizMark.WRONG))
    play.tell(AnswerQuiz(1, QuizMark.RIGHT))
    assert play.state.step == step  # nobody's console goes stale
    with pytest.raises(NotFound):
        play.tell(AnswerQuiz(3, QuizMark.RIGHT))
    current = public_view(play.state, Display({}, RoundClaims()), NOON)["round"]
    assert isinstance(current, dict)
    titles = {offer.field: (offer.title, offer.english) for offer in OFFERED}
    assert current["quiz"] == [
        {"n": n, "title": titles[field][0], "english": titles[field][1], "mark": mark}
        for n, (_, field), mark in ((1, redone[0], "right"), (2, redone[1], ""))
    ]


ALL_GONE = tuple(QuizQuestion(*pair) for pair in LEAF.items)


@pytest.mark.parametrize(
    ("count", "leaf", "gone"), [(0, LEAF, ()), (6, LEAF, ()), (2, None, ()), (2, LEAF, ALL_GONE)]
)
def test_what_cannot_be_asked_is_refused(
    count: int, leaf: QuizLeaf | None, gone: tuple[QuizQuestion, ...]
) -> None:
    play = Play().until_calling()
    with pytest.raises((InvalidInput, RuleViolation)):
        play.tell(SetQuiz(count, leaf, OFFERED, gone))


def test_nobody_is_asked_before_somebody_is_on_stage() -> None:
    with pytest.raises(WrongPhase):
        Play().until_seeded().tell(SetQuiz(2, LEAF, OFFERED))
