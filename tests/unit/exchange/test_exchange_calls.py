"""A call only goes forward, and once it is over it stays over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.exchange.calls import TERMINAL, Call, CallRequest, Status, Target, advance
from evalsys.exchange.reports import status_params
from tests.builders import NOON


def a_call() -> Call:
    request = CallRequest("+8613900000001", "+8610000000000", Target("http://127.0.0.1/voice"))
    return Call("CA1", request, NOON, NOON)


@given(st.lists(st.sampled_from(Status), max_size=12))
def test_no_order_of_news_moves_a_call_back_or_out_of_its_end(news: list[Status]) -> None:
    order = [Status.QUEUED, Status.INITIATED, Status.RINGING, Status.IN_PROGRESS]
    call = a_call()
    for place, status in enumerate(news):
        moved = advance(call, status, NOON + timedelta(seconds=place))
        if call.is_over:
            assert moved is call
        elif not moved.is_over:
            assert order.index(moved.status) >= order.index(call.status)
        call = moved
    assert call.is_over == bool(TERMINAL & set(news))


@pytest.mark.parametrize(("real_seconds", "reported"), [(0.1, 1), (1.0, 1), (1.01, 2), (61, 61)])
def test_talk_is_reported_in_real_seconds_rounded_up(real_seconds: float, reported: int) -> None:
    answered = advance(a_call(), Status.IN_PROGRESS, NOON)
    ended = advance(answered, Status.COMPLETED, NOON + timedelta(seconds=real_seconds), 200)
    assert ended.seconds == reported


def test_a_call_that_nobody_answered_lasted_no_time() -> None:
    ended = advance(a_call(), Status.NO_ANSWER, NOON + timedelta(seconds=25), 487)
    params = status_params("AC1", ended)
    assert params["CallDuration"] == params["Duration"] == "0"
    assert params["SipResponseCode"] == "487"


def test_a_minute_begun_is_a_minute_of_duration() -> None:
    answered = advance(a_call(), Status.IN_PROGRESS, NOON)
    ended = advance(answered, Status.COMPLETED, NOON + timedelta(seconds=61), 200)
    params = status_params("AC1", replace(ended, reported=3))
    assert params["Duration"] == "2"
    assert params["SequenceNumber"] == "3"
    assert params["Timestamp"] == "Tue, 01 Dec 2026 04:01:01 +0000"
