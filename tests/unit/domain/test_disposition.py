from itertools import product

import pytest

from evalsys.domain.disposition import CARRIER_WORDS, heard, lost
from evalsys.domain.live.words import ENDED, CallStatus, supersedes

UNDER_WAY = [status for status in CallStatus if status not in ENDED]
FINAL = sorted(ENDED)


@pytest.mark.parametrize(("later", "earlier"), list(product(CallStatus, FINAL)))
def test_nothing_changes_a_call_that_is_over(later: CallStatus, earlier: CallStatus) -> None:
    assert not supersedes(later, earlier)


@pytest.mark.parametrize(("later", "earlier"), list(product(FINAL, UNDER_WAY)))
def test_a_final_word_ends_a_call_wherever_it_stands(
    later: CallStatus, earlier: CallStatus
) -> None:
    assert supersedes(later, earlier)


def test_a_word_that_arrives_late_or_twice_changes_nothing() -> None:
    assert not supersedes(CallStatus.RINGING, CallStatus.IN_PROGRESS)
    assert not supersedes(CallStatus.RINGING, CallStatus.RINGING)
    assert supersedes(CallStatus.IN_PROGRESS, CallStatus.PLACED)


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("queued", CallStatus.PLACED),
        ("initiated", CallStatus.PLACED),
        ("ringing", CallStatus.RINGING),
        ("in-progress", CallStatus.IN_PROGRESS),
        ("completed", CallStatus.COMPLETED),
        ("busy", CallStatus.BUSY),
        ("no-answer", CallStatus.NO_ANSWER),
        ("canceled", CallStatus.CANCELED),
        ("failed", CallStatus.FAILED),
    ],
)
def test_every_word_of_the_carrier_has_one_meaning(word: str, status: CallStatus) -> None:
    assert heard(word, reached=CallStatus.PLACED) is status
    assert word in CARRIER_WORDS


@pytest.mark.parametrize(
    ("sip_code", "status"),
    [
        (None, CallStatus.FAILED),
        (404, CallStatus.FAILED),
        (484, CallStatus.FAILED),
        (604, CallStatus.FAILED),
        (403, CallStatus.VOID),
        (500, CallStatus.VOID),
        (503, CallStatus.VOID),
    ],
)
def test_a_failure_of_the_carrier_is_not_a_dead_number(
    sip_code: int | None, status: CallStatus
) -> None:
    assert heard("failed", reached=CallStatus.PLACED, sip_code=sip_code) is status


@pytest.mark.parametrize("sip_code", [None, 404, 503])
def test_a_number_that_rang_is_never_called_dead(sip_code: int | None) -> None:
    rang = heard("failed", reached=CallStatus.RINGING, sip_code=sip_code)
    spoke = heard("failed", reached=CallStatus.IN_PROGRESS, sip_code=sip_code)
    assert (rang, spoke) == (CallStatus.NO_ANSWER, CallStatus.COMPLETED)


@pytest.mark.parametrize("over", FINAL)
def test_losing_a_call_that_is_over_changes_nothing(over: CallStatus) -> None:
    assert lost(over) is over
    assert heard("failed", reached=over) is over


def test_a_call_that_the_carrier_lost_before_it_rang_does_not_count() -> None:
    assert lost(CallStatus.PLACED) is CallStatus.VOID
