"""Screens on the wall: how far behind, when red, what they are called, when they may speak."""

from dataclasses import replace
from datetime import timedelta

import pytest

from evalsys.domain.live.screen_kinds import RULES, ScreenKind
from evalsys.domain.live.screens import Head, Screen, Standing, may_identify, screen_name
from evalsys.domain.live.words import Phase
from evalsys.errors import InvalidInput
from tests.builders import NOON
from tests.live_play import SESSION

S = timedelta(seconds=1)


def a_screen(**changes: object) -> Screen:
    usual = Screen(SESSION, ScreenKind.STAGE, "舞台左", "b", 1920, 1080, NOON, NOON)
    return replace(usual, **changes)  # type: ignore[arg-type]  # the caller knows the fields


def test_a_screen_is_as_late_as_it_lacks_the_newest_event() -> None:
    head = Head(7, NOON)
    behind = a_screen(seq=6, heard_at=NOON + 2 * S)
    assert behind.lag(head, NOON + 2 * S) == 2 * S
    assert behind.standing(head, NOON + 2 * S) is Standing.GOOD
    assert behind.standing(head, NOON + 2.1 * S) is Standing.LATE


def test_a_screen_that_has_the_newest_event_is_as_late_as_it_was_for_it() -> None:
    screen = a_screen(seq=7, took=3 * S)
    assert screen.lag(Head(7, NOON), NOON + 60 * S) == 3 * S
    assert screen.standing(Head(7, NOON), NOON) is Standing.LATE
    assert a_screen(seq=7).standing(None, NOON) is Standing.GOOD


def test_a_screen_that_came_later_does_not_answer_for_what_was_before() -> None:
    assert a_screen(since=NOON + 50 * S).lag(Head(7, NOON), NOON + 51 * S) == 1 * S


def test_silence_and_a_covered_window_are_told_apart() -> None:
    assert a_screen().standing(None, NOON + 7.1 * S) is Standing.GONE
    assert a_screen(gone=True).standing(None, NOON) is Standing.GONE
    assert a_screen(hidden=True).standing(None, NOON) is Standing.HIDDEN


@pytest.mark.parametrize("name", ["舞台左", "LED-1", "沂水 一中", "a" * 24])
def test_names_as_on_labels_are_taken(name: str) -> None:
    assert screen_name(f" {name} ") == name


@pytest.mark.parametrize("name", ["", " ", "-", "a" * 25, "a\nb", "<b>", "a|b", "é", None, 7, []])
def test_names_that_no_label_can_show_are_refused(name: object) -> None:
    with pytest.raises(InvalidInput, match="屏幕名称"):
        screen_name(name)


def test_no_name_is_laid_over_what_viewers_watch() -> None:
    assert not may_identify(Phase.CALLING, on_air=True, rehearsal=False)
    assert may_identify(Phase.CALLING, on_air=True, rehearsal=True)
    assert may_identify(Phase.CALLING, on_air=False, rehearsal=False)
    assert may_identify(Phase.PLANNED, on_air=True, rehearsal=False)


def test_what_viewers_see_is_public_and_what_is_not_public_wants_a_role() -> None:
    assert set(RULES) == set(ScreenKind)
    for kind, rule in RULES.items():
        assert rule.is_open or not rule.on_air, kind
        assert rule.audience in {"public", "aired"} or not rule.is_open, kind
