from datetime import date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.campaign.calendar import (
    Calendar,
    DayPart,
    Window,
    check_windows,
    read_window,
)
from evalsys.domain.campaign.forecast import Trunk, forecast, forecast_campaign
from evalsys.domain.campaign.outcome import count_outcomes, outcome
from evalsys.domain.campaign.policy import (
    Contact,
    Due,
    Policy,
    Stop,
    Tried,
    next_attempt,
)
from evalsys.domain.campaign.standing import standing
from evalsys.domain.response_rates import Group, response_rates
from evalsys.errors import InvalidInput

ZONE = ZoneInfo("Asia/Shanghai")
CALENDAR = Calendar(ZONE)
POLICY = Policy()
C = Contact


def local(text: str) -> datetime:
    """A moment of December 2026 in the county: "2 10:00"."""
    day, clock = text.split()
    return datetime.combine(date(2026, 12, int(day)), time.fromisoformat(clock), ZONE)


def tried(*attempts: str) -> list[Tried]:
    """Attempts as "busy 2 10:00"."""
    return [
        Tried(Contact(contact), local(at))
        for contact, _, at in (each.partition(" ") for each in attempts)
    ]


def due(*attempts: str, now: str = "1 00:00", **different: object) -> str:
    """When the next call is due, as "2 10:00", or the reason why there is none."""
    found = next_attempt(tried(*attempts), local(now), CALENDAR, POLICY, **different)  # type: ignore[arg-type]  # tests name arguments
    if isinstance(found, Stop):
        return found.value
    at = found.at.astimezone(ZONE)
    person = " by a person" if found.by_person else ""
    return f"{at.day} {at:%H:%M}{person}"


@pytest.mark.parametrize(
    ("attempts", "next_call"),
    [
        # fresh, and outside the windows
        ((), "1 09:00"),
        # gaps
        (("busy 2 10:00",), "2 10:15"),
        (("busy 2 11:50",), "2 14:30"),
        (("no_answer 2 09:30",), "2 14:30"),
        (("no_answer 2 15:00",), "2 18:00"),
        (("no_answer 2 19:00",), "3 09:00"),
        (("silent 2 15:00",), "2 18:00"),
        (("hung_up 2 15:00",), "2 18:00"),
        (("broken_off 2 15:00",), "2 18:00"),
        (("not_free 2 15:00",), "2 16:00"),
        (("machine 2 09:30",), "2 14:30"),
        (("machine 2 15:00",), "2 18:00"),
        (("machine 2 20:00",), "3 09:00"),
        # refusals
        (("refused 2 10:00",), "9 10:00 by a person"),
        (("refused 2 10:00", "no_answer 9 10:00"), "9 14:30 by a person"),
        (("refused 2 10:00", "agreed 9 10:00"), "1 09:00"),
        (("refused 2 10:00", "agreed 9 10:00", "busy 9 11:00"), "9 11:15"),
        (("refused 2 10:00", "agreed 9 10:00", "refused 9 11:00"), "refused"),
        (("refused_for_good 2 10:00",), "do_not_call"),
        # never again
        (("complete 2 10:00",), "answered"),
        (("no_answer 2 10:00", "partial 2 15:00"), "answered"),
        (("not_linked 2 10:00",), "not_linked"),
        (("pin_failed 2 10:00",), "pin_failed"),
        (("dead_number 2 10:00",), "needs_new_number"),
        # six attempts, over three days and two parts of the day
        (("busy 2 09:00", "busy 2 09:15", "busy 2 09:30", "busy 2 09:45"), "3 09:00"),
        (("busy 2 09:00", "busy 2 09:15", "busy 2 09:30", "busy 2 09:45", "busy 3 09:00"),
         "4 14:30"),
        (tuple(f"no_answer {day} 15:00" for day in range(2, 7)), "6 18:00"),
        (tuple(f"no_answer {day} 15:00" for day in range(2, 8)), "attempts_used"),
        # what never rang is no attempt
        ((*(f"no_answer {day} 15:00" for day in range(2, 7)), "carrier_failed 7 15:00"),
         "7 18:00"),
    ],
)  # fmt: skip
def test_the_next_call_follows_from_what_became_of_the_last(
    attempts: tuple[str, ...], next_call: str
) -> None:
    assert due(*attempts) == next_call


def test_no_call_is_due_before_now() -> None:
    assert due("busy 2 10:00", now="2 11:00") == "2 11:00"
    assert due(now="2 12:30") == "2 14:30"
    assert due(now="2 21:00") == "3 09:00"


def test_a_carrier_that_fails_is_given_longer_and_longer_rests() -> None:
    now = local("2 10:00")
    for failures, seconds in ((1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (60, 30)):
        history = [Tried(C.CARRIER_FAILED, now)] * failures
        assert next_attempt(history, now, CALENDAR, POLICY) == Due(now + timedelta(seconds=seconds))


def test_a_household_is_called_at_the_time_it_asked_for() -> None:
    evening = Window(time(19), time(20))
    assert due(now="2 10:00", preferred=evening) == "2 19:00"
    assert due("busy 2 19:50", now="2 19:50", preferred=evening) == "3 19:00"


def test_a_wish_outside_the_windows_is_not_granted() -> None:
    assert due(now="2 12:10", preferred=Window(time(12), time(13))) == "2 14:30"


def test_nobody_is_called_on_a_holiday() -> None:
    closed = Calendar(ZONE, holidays=frozenset({date(2026, 12, 3), date(2026, 12, 4)}))
    found = next_attempt(tried("no_answer 2 19:00"), local("2 19:00"), closed, POLICY)
    assert found == Due(local("5 09:00"))


def test_a_calendar_without_any_open_day_says_so() -> None:
    first = date(2026, 1, 1)
    closed = Calendar(ZONE, holidays=frozenset(first + timedelta(days=n) for n in range(900)))
    with pytest.raises(InvalidInput, match="没有可以拨打的时段"):
        next_attempt((), local("2 10:00"), closed, POLICY)


@given(
    st.lists(st.sampled_from([C.BUSY, C.NO_ANSWER, C.MACHINE, C.SILENT, C.NOT_FREE]), max_size=9),
    st.integers(0, 60 * 24 * 7),
)
def test_no_household_is_called_outside_the_windows_or_more_than_six_times(
    contacts: list[Contact], minutes: int
) -> None:
    now = local("1 00:00") + timedelta(minutes=minutes)
    history: list[Tried] = []
    for contact in contacts:
        found = next_attempt(history, now, CALENDAR, POLICY)
        if isinstance(found, Stop):
            assert found is Stop.ATTEMPTS_USED
            assert len(history) == 6
            assert len({CALENDAR.day_of(each.at) for each in history}) >= 3
            assert len({CALENDAR.part_of(each.at) for each in history}) >= 2
            return
        assert found.at >= now
        clock = found.at.astimezone(ZONE).time()
        assert time(9) <= clock < time(12) or time(14, 30) <= clock < time(21)
        now = found.at
        history.append(Tried(contact, now))
    assert len(history) <= 6


@pytest.mark.parametrize(
    ("text", "says"), [("9-12", "不是时段"), ("12:00-09:00", "不是时段"), ("", "不是时段")]
)
def test_a_span_that_cannot_be_meant_is_refused(text: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_window(text)


def test_windows_may_not_overlap() -> None:
    assert read_window("14：30-21:00") == Window(time(14, 30), time(21))
    with pytest.raises(InvalidInput, match="重叠"):
        check_windows((read_window("09:00-12:00"), read_window("11:00-13:00")))
    with pytest.raises(InvalidInput, match="没有拨打时段"):
        check_windows(())


@pytest.mark.parametrize(("lines", "days"), [(30, 37), (200, 5.6)])
def test_the_county_wide_appraisal_takes_as_long_as_was_reckoned(lines: int, days: float) -> None:
    took = forecast(674_000, Trunk(lines), CALENDAR)
    assert round(float(took), 0 if lines == 30 else 1) == days
    of_households = forecast_campaign(337_000, Trunk(lines), CALENDAR, now=local("1 09:00"))
    assert (of_households.attempts, of_households.days) == (674_000, took)


def test_lines_reserved_for_the_stage_do_not_count() -> None:
    assert forecast(1000, Trunk(40, reserved=10), CALENDAR) == forecast(1000, Trunk(30), CALENDAR)
    with pytest.raises(InvalidInput, match="没有可用的线路"):
        forecast(1000, Trunk(10, reserved=10), CALENDAR)


def test_the_pace_of_placing_calls_limits_as_well() -> None:
    slow = Trunk(1000, calls_a_second=Fraction(1))
    assert forecast(34_200, slow, CALENDAR) == 1


def test_the_end_is_told_by_the_calendar() -> None:
    # One line, one call: under a minute after the window opens.
    found = forecast_campaign(1, Trunk(1), CALENDAR, now=local("2 12:30"))
    assert found.ends_at is not None
    assert local("2 14:31") < found.ends_at < local("2 14:33")


def _coded(*attempts: str) -> str:
    return outcome(tried(*attempts)).code.code


@pytest.mark.parametrize(
    ("attempts", "code"),
    [
        ((), "3.11"),
        (("carrier_failed 2 10:00",), "3.16"),
        (("no_answer 2 10:00", "complete 2 15:00"), "1.1"),
        (("partial 2 15:00",), "1.2"),
        (("refused 2 10:00", "no_answer 9 10:00"), "2.111"),
        (("refused_for_good 2 10:00",), "2.112"),
        (("broken_off 2 10:00", "no_answer 2 15:00"), "2.12"),
        (("not_free 2 10:00", "no_answer 2 15:00"), "2.21"),
        (("machine 2 10:00", "machine 2 15:00"), "2.222"),
        (("machine 2 10:00", "busy 2 15:00"), "2.20"),
        (("no_answer 2 10:00", "busy 2 15:00"), "2.20"),
        (("pin_failed 2 10:00",), "3.20"),
        (("not_linked 2 10:00",), "3.30"),
        (("dead_number 2 10:00",), "2.20"),
    ],
)
def test_a_case_is_coded_by_the_best_that_was_reached(attempts: tuple[str, ...], code: str) -> None:
    assert _coded(*attempts) == code


def test_every_contact_has_a_code() -> None:
    for contact in Contact:
        assert outcome([Tried(contact, local("2 10:00"))]).code.code != "3.0"


def test_a_dead_number_counts_against_the_rate_and_asks_for_a_new_one() -> None:
    dead = outcome(tried("dead_number 2 10:00"))
    assert dead.needs_new_number
    assert dead.code.group is Group.NON_CONTACT
    rates = response_rates(count_outcomes([("1.1", 1), (dead.code.code, 1)]))
    assert rates["RR1"] is not None
    assert rates["RR1"].fraction == "1/2"


def test_a_filled_quota_takes_only_those_that_were_never_called() -> None:
    assert outcome((), quota_filled=True).code.code == "4.80"
    assert outcome(tried("busy 2 10:00"), quota_filled=True).code.code == "2.20"


def test_parts_of_the_day_meet_at_noon_and_at_six() -> None:
    parts = [
        CALENDAR.part_of(local(f"2 {clock}")) for clock in ("11:59", "12:00", "17:59", "18:00")
    ]
    assert parts == [DayPart.MORNING, DayPart.AFTERNOON, DayPart.AFTERNOON, DayPart.EVENING]


def test_a_protected_household_counts_as_neither_called_nor_reached() -> None:
    found = standing("V1", "柴山村", [("1.1", 4), ("2.36", 2), ("2.20", 1)], ())
    assert (found.households, found.called, found.reached, found.answered) == (7, 5, 4, 4)
