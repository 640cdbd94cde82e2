"""What a cadre is told of himself, and which visits he may log."""

from datetime import UTC, date, datetime

import pytest

from evalsys.domain.cadre_page import Told, check_visit, told
from evalsys.domain.campaign.result import result_of
from evalsys.domain.scoring import Band
from evalsys.errors import InvalidInput, RuleViolation

AT = datetime(2026, 11, 2, tzinfo=UTC)
TODAY = date(2026, 11, 2)


def _told(scores: str, visited: str) -> Told:
    words = {"y": "yes", "n": "no", "u": "unsure"}
    answers = [("score", one) for one in scores] + [("visited", words[one]) for one in visited]
    return told("年度评议", AT, result_of("00000001", answers))


@pytest.mark.parametrize(
    ("scores", "visited", "band", "satisfied", "replies"),
    [
        ("1345", "yyyn", Band.TOO_FEW, None, {}),
        ("13455", "yyyyn", Band.MEAN, 3, {"visited": {"yes": 4, "no": 1, "unsure": 0}}),
        ("55555", "yyyyyy", Band.UNANIMOUS_HIGH, None, {"visited": None}),
        ("12312", "nnnnn", Band.MEAN, None, {"visited": None}),
        ("45454", "", Band.MEAN, None, {}),
    ],
    ids=["too few", "mixed", "all the same", "none satisfied", "all satisfied"],
)
def test_a_cadre_learns_sums_and_never_what_each_one_said(
    scores: str, visited: str, band: Band, satisfied: int | None, replies: object
) -> None:
    seen = _told(scores, visited)
    assert (seen.release.band, seen.satisfied, seen.replies) == (band, satisfied, replies)


@pytest.mark.parametrize(
    ("day", "since", "note", "error"),
    [
        (date(2026, 11, 3), date(2024, 1, 1), "看望老人", InvalidInput),
        (date(2023, 12, 31), date(2024, 1, 1), "看望老人", RuleViolation),
        (TODAY, None, "看望老人", RuleViolation),
        (TODAY, date(2024, 1, 1), "  ", InvalidInput),
    ],
    ids=["to come", "before the link", "not linked", "says nothing"],
)
def test_a_visit_that_cannot_have_been_is_not_logged(
    day: date, since: date | None, note: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        check_visit(day, TODAY, since, note)
