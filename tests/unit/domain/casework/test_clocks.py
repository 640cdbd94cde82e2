"""Clocks and lamps: what is due when, and that no clock can be gamed."""

from datetime import date, timedelta

import pytest

from evalsys.domain.casework import decide, decide_close
from evalsys.domain.casework.decide import ClassChoice, PauseWish
from evalsys.domain.casework.policy_text import parse_policy
from evalsys.domain.casework.standing import lamp_of, standing
from evalsys.domain.casework.words import Channel, Duty, Lamp, RequestKind, Step
from evalsys.errors import InvalidInput, RuleViolation
from tests.casework_files import (
    CLOCKS,
    MONDAY,
    POLICY,
    THE_CADRE,
    VILLAGE,
    a_file,
    happen,
    head_of,
)

DAY = timedelta(days=1)


def test_it_is_to_be_verified_by_the_end_of_the_next_day() -> None:
    first, *_ = CLOCKS.duties(a_file())
    assert (first.duty, first.at) == (Duty.VERIFY, CLOCKS.days.end_of(date(2026, 11, 3)))


def test_five_working_days_and_its_lamp() -> None:
    file = a_file()
    clock = CLOCKS.clock(file)
    assert clock.due_at == CLOCKS.days.end_of(date(2026, 11, 9))
    assert clock.lamp(MONDAY) is Lamp.GREEN
    assert clock.lamp(clock.yellow_at) is Lamp.YELLOW
    assert clock.lamp(clock.due_at) is Lamp.RED
    assert clock.lamp(clock.due_at, is_open=False) is Lamp.OFF
    left = CLOCKS.days.seconds_between(clock.yellow_at, clock.due_at)
    whole = CLOCKS.days.seconds_between(MONDAY, clock.due_at)
    assert abs(left / whole - 0.33) < 0.001


def test_a_pause_adds_what_it_took_and_no_more_than_its_cap_however_often() -> None:
    file = a_file()
    happen(file, decide.verify(file, THE_CADRE, genuine=True, finding="现场看过属实"))
    before = CLOCKS.clock(file).due_at
    wish = PauseWish("household", date(2026, 11, 9), "等他家送材料")
    happen(file, decide.pause(file, THE_CADRE, wish, MONDAY, CLOCKS))
    assert file.step is Step.PAUSED
    assert CLOCKS.clock(file).due_at == before + 7 * DAY
    happen(file, decide.resume(file, THE_CADRE), at=MONDAY + DAY)
    assert CLOCKS.clock(file).due_at == before + DAY  # one working day was used
    assert CLOCKS.pause_left(file, "household") == 9
    too_long = PauseWish("household", date(2026, 12, 31), "等他家送材料")
    with pytest.raises(RuleViolation, match="还可以暂停 9 个工作日"):
        decide.pause(file, THE_CADRE, too_long, MONDAY + DAY, CLOCKS)


def test_a_pause_that_is_over_shows_no_lamp_of_its_own() -> None:
    file = a_file(limit="complex")
    happen(file, decide.verify(file, THE_CADRE, genuine=True, finding="现场看过属实"))
    wish = PauseWish("household", date(2026, 11, 6), "等他家送材料")
    happen(file, decide.pause(file, THE_CADRE, wish, MONDAY, CLOCKS))
    where = standing(file, CLOCKS, None)
    ends = CLOCKS.days.end_of(date(2026, 11, 6))
    assert [CLOCKS.is_pause_over(file, at) for at in (ends - DAY, ends)] == [False, True]
    assert [lamp_of(where, at) for at in (ends - DAY, ends)] == [Lamp.PAUSED, Lamp.GREEN]


def test_what_is_overdue_cannot_be_paused() -> None:
    file = a_file()
    happen(file, decide.verify(file, THE_CADRE, genuine=True, finding="现场看过属实"))
    wish = PauseWish("season", date(2026, 12, 15), "等农闲施工")
    with pytest.raises(RuleViolation, match="已经超期"):
        decide.pause(file, THE_CADRE, wish, MONDAY + 20 * DAY, CLOCKS)


def test_another_class_keeps_the_time_that_was_used() -> None:
    file = a_file(limit="complex")
    to = ClassChoice("Q402", 1, "urgent")
    happen(file, decide.reclassify(file, THE_CADRE, to, "断水了，要急办", CLOCKS), at=MONDAY + DAY)
    # One working day from Monday, not from the change.
    assert CLOCKS.clock(file).due_at == CLOCKS.days.end_of(date(2026, 11, 3))


def test_a_petition_may_be_put_off_once_by_the_level_above() -> None:
    file = a_file(limit="petition", channel=Channel.PETITION)
    due = CLOCKS.clock(file).due_at
    assert due == CLOCKS.days.end_of(date(2026, 11, 2) + 60 * DAY)
    village = head_of(VILLAGE)
    happen(file, decide.extend(file, village, "案情复杂，要鉴定", CLOCKS), by="v")
    assert CLOCKS.clock(file).due_at == due + 30 * DAY
    with pytest.raises(RuleViolation, match="不能再延"):
        decide.extend(file, village, "还是复杂，要鉴定", CLOCKS)


def test_a_level_has_to_report_when_it_held_it_long_enough_and_tell_the_household() -> None:
    file = a_file(limit="complex")
    happen(file, decide.verify(file, THE_CADRE, genuine=True, finding="现场看过属实"))
    duties = {due.duty: due.at for due in CLOCKS.duties(file)}
    assert duties[Duty.REPORT] == CLOCKS.days.end_of(date(2026, 11, 5))
    assert duties[Duty.INTERIM] == CLOCKS.days.end_of(date(2026, 11, 9))
    done = decide_close.reply_interim(file, THE_CADRE, "已联系施工队", Channel.PHONE)
    happen(file, done, at=MONDAY + 3 * DAY)
    duties = {due.duty: due.at for due in CLOCKS.duties(file)}
    assert duties[Duty.INTERIM] == CLOCKS.days.end_of(date(2026, 11, 12))


def test_every_number_of_the_policy_says_where_it_comes_from() -> None:
    for number in POLICY.numbers.values():
        assert number.source.requirement
        assert number.values
    assert [one.name for one in POLICY.stage_sets] == ["six", "five", "three", "dispute"]
    assert [len(one.stages) for one in POLICY.stage_sets] == [6, 5, 3, 5]
    assert POLICY.stage_sets[0].stages[POLICY.stage_sets[0].at(Step.CLOSED)].label == "核查结案"
    assert POLICY.stage_set(RequestKind.PROBLEM).name == "six"
    dispute = POLICY.stage_set(RequestKind.DISPUTE)
    assert [one.label for one in dispute.stages] == ["排查", "化解", "评估", "稳控", "处置"]
    assert POLICY.stage_set(RequestKind.DISPUTE, "three").name == "three"


def test_a_faulty_policy_names_every_fault() -> None:
    with pytest.raises(InvalidInput) as told:
        parse_policy('format = "x"\nname = "n"\n[limit.a]\ntitle = "a"\nmistake = 1\n')
    for part in (
        "format 应为",
        "limit.a：缺少 unit",
        "limit.a：不认识 mistake",
        "缺少 limit.default",
    ):
        assert part in str(told.value)
