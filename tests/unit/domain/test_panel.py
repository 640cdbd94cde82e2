"""The panel: one person one vote, the last choice holds, nobody with a leading post."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.panel import (
    CODE_ALPHABET,
    Choice,
    SeatCategory,
    Vote,
    check_may_sit,
    read_code,
    revise,
    seat_label,
    tally,
)
from evalsys.errors import InvalidInput, RuleViolation, StaleState

choices = st.sampled_from(Choice)
votes = st.builds(Vote, choices, st.integers(1, 9))


@given(st.lists(choices, max_size=300), st.integers(0, 300))
def test_every_vote_is_counted_once_and_the_rest_abstained(cast: list[Choice], more: int) -> None:
    counts = tally(cast, present=len(cast) + more)
    assert counts.voted == len(cast)
    assert counts.present - counts.voted == more
    assert counts.satisfied == cast.count(Choice.SATISFIED)
    assert counts.not_satisfied == cast.count(Choice.NOT_SATISFIED)


def test_a_seat_that_voted_was_present_even_if_its_device_is_gone() -> None:
    assert tally([Choice.SATISFIED, Choice.SATISFIED], present=1).present == 2


@given(st.lists(votes, min_size=1, max_size=30))
def test_whatever_the_order_of_arrival_the_highest_revision_holds(arriving: list[Vote]) -> None:
    holds: Vote | None = None
    for vote in arriving:
        try:
            holds = revise(holds, vote)
        except StaleState:
            assert holds is not None
            assert holds.revision >= vote.revision
    assert holds is not None
    assert holds.revision == max(vote.revision for vote in arriving)
    assert holds in arriving


def test_a_repeated_vote_changes_nothing_and_is_not_an_error() -> None:
    vote = Vote(Choice.SATISFIED, 2)
    assert revise(vote, vote) == vote


def test_an_overtaken_vote_is_refused() -> None:
    with pytest.raises(StaleState):
        revise(Vote(Choice.SATISFIED, 2), Vote(Choice.NOT_SATISFIED, 1))


def test_two_tabs_with_the_same_revision_do_not_overwrite_each_other() -> None:
    with pytest.raises(StaleState):
        revise(Vote(Choice.SATISFIED, 1), Vote(Choice.NOT_SATISFIED, 1))


def test_revisions_count_from_one() -> None:
    with pytest.raises(InvalidInput):
        revise(None, Vote(Choice.SATISFIED, 0))


def test_nobody_with_a_leading_post_sits_on_the_panel() -> None:
    check_may_sit(SeatCategory.RETIRED_CADRE, holds_leading_post=False)
    with pytest.raises(RuleViolation, match="领导职务"):
        check_may_sit(SeatCategory.RETIRED_CADRE, holds_leading_post=True)


@given(st.text(CODE_ALPHABET, min_size=8, max_size=8))
def test_a_code_is_understood_however_it_is_typed(code: str) -> None:
    assert read_code(code) == code
    assert read_code(f" {code[:4].lower()}-{code[4:]} ") == code
    full_width = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    assert read_code(full_width) == code


@given(st.text(max_size=12))
def test_any_text_is_a_code_or_is_refused(typed: str) -> None:
    try:
        code = read_code(typed)
    except InvalidInput:
        return
    assert len(code) == 8
    assert set(code) <= set(CODE_ALPHABET)


@pytest.mark.parametrize("sign", "01OIL")
def test_signs_that_look_alike_are_in_no_code(sign: str) -> None:
    assert sign not in CODE_ALPHABET


def test_every_category_has_its_name_on_the_card() -> None:
    assert seat_label(SeatCategory.PEOPLES_DEPUTY, 3) == "人大代表 03"
    assert len({category.hall_name for category in SeatCategory}) == len(SeatCategory)
