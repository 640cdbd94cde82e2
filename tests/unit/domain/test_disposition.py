from itertools import product

import pytest

from evalsys.domain.disposition import CallStatus

UNDER_WAY = [CallStatus.QUEUED, CallStatus.INITIATED, CallStatus.RINGING, CallStatus.IN_PROGRESS]
FINAL = [status for status in CallStatus if status not in UNDER_WAY]


@pytest.mark.parametrize(("later", "earlier"), list(product(CallStatus, FINAL)))
def test_nothing_changes_a_call_that_is_over(later: CallStatus, earlier: CallStatus) -> None:
    assert not later.supersedes(earlier)


@pytest.mark.parametrize(("later", "earlier"), list(product(FINAL, UNDER_WAY)))
def test_a_final_word_ends_a_call_wherever_it_stands(
    later: CallStatus, earlier: CallStatus
) -> None:
    assert later.supersedes(earlier)


def test_a_word_that_arrives_late_or_twice_changes_nothing() -> None:
    assert not CallStatus.RINGING.supersedes(CallStatus.IN_PROGRESS)
    assert not CallStatus.RINGING.supersedes(CallStatus.RINGING)
    assert CallStatus.IN_PROGRESS.supersedes(CallStatus.INITIATED)
