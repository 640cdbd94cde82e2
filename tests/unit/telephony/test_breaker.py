from evalsys.telephony.breaker import Breaker


class Hands:
    """A stopwatch moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def _breaker() -> tuple[Breaker, Hands]:
    hands = Hands()
    return Breaker(failures=5, within_s=30, rest_s=5, monotonic=hands), hands


def test_four_failures_leave_the_line_open_to_requests() -> None:
    breaker, _ = _breaker()
    for _ in range(4):
        breaker.failed()
    assert breaker.admits()
    assert not breaker.is_open


def test_five_failures_within_half_a_minute_interrupt_it() -> None:
    breaker, hands = _breaker()
    for _ in range(5):
        breaker.failed()
        hands.seconds += 7
    assert breaker.is_open


def test_five_failures_over_a_longer_time_do_not() -> None:
    breaker, hands = _breaker()
    for _ in range(9):
        breaker.failed()
        hands.seconds += 8
    assert not breaker.is_open


def test_an_answer_in_between_starts_the_count_anew() -> None:
    breaker, _ = _breaker()
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    breaker.failed()
    assert not breaker.is_open


def test_while_interrupted_one_try_is_admitted_in_each_rest() -> None:
    breaker, hands = _breaker()
    for _ in range(5):
        breaker.failed()
    assert not breaker.admits()
    hands.seconds += 5
    assert [breaker.admits(), breaker.admits()] == [True, False]
    breaker.failed()
    hands.seconds += 4.9
    assert not breaker.admits()
    hands.seconds += 0.1
    assert breaker.admits()


def test_a_try_that_succeeds_ends_the_interruption() -> None:
    breaker, hands = _breaker()
    for _ in range(5):
        breaker.failed()
    hands.seconds += 5
    assert breaker.admits()
    breaker.succeeded()
    assert not breaker.is_open
    assert breaker.admits()


def test_a_probe_that_never_comes_back_does_not_block_the_next() -> None:
    breaker, hands = _breaker()
    for _ in range(5):
        breaker.failed()
    hands.seconds += 5
    assert breaker.admits()
    hands.seconds += 5
    assert breaker.admits()
