"""What a campaign's opened answers may tell about a cadre."""

import pytest

from evalsys.domain.campaign.result import result_of
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput


def scores(*given: int) -> list[tuple[str, str]]:
    return [("score", str(score)) for score in given]


def test_scores_and_replies_are_counted_apart() -> None:
    answers = scores(5, 4, 3, 4, 2, 5) + [("visited", "yes")] * 4 + [("visited", "no")] * 2
    told = result_of("00004211", answers)
    assert (told.scores.n, told.scores.mean_tenths, told.satisfied) == (6, 38, 4)
    assert told.replies == {"visited": {"yes": 4, "no": 2, "unsure": 0}}


def test_too_few_tell_nothing() -> None:
    told = result_of("00004211", [*scores(5, 4, 3, 4), ("solved", "no")])
    assert (told.scores.band, told.scores.mean_tenths, told.satisfied) == (Band.TOO_FEW, None, None)
    assert told.replies == {}


def test_unanimous_scores_are_a_band() -> None:
    told = result_of("00004211", scores(4, 4, 4, 4, 4))
    assert (told.scores.band, told.scores.mean_tenths) == (Band.UNANIMOUS_HIGH, None)


def test_nobody_is_too_few() -> None:
    assert result_of("00004211", []).scores.band is Band.TOO_FEW


@pytest.mark.parametrize("value", ["0", "6", "", "५", "4.5", "-1", "None"])
def test_what_is_no_score_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        result_of("00004211", [("score", value)])


@pytest.mark.parametrize(("topic", "value"), [("visited", "maybe"), ("weather", "yes")])
def test_what_is_no_answer_is_refused(topic: str, value: str) -> None:
    with pytest.raises(InvalidInput):
        result_of("00004211", [(topic, value)])
