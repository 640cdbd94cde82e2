"""A year out of components and quarters: absent is never zero, hidden stays hidden."""

from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest

from evalsys.domain.assessment import Component, Counts, annual_result, weigh, weighted_mean
from evalsys.domain.component_scores import ComponentScore, Subject, check_score, year_scores
from evalsys.domain.cycles import (
    Cycle,
    CycleCode,
    CycleKind,
    calendar_days,
    check_may_close,
    closed_codes,
    new_cycle,
    read_code,
)
from evalsys.domain.personnel import FIELDS
from evalsys.domain.rulebook_text import parse_rulebook
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_year_of

STANDARD = shipped_rulebook().on(date(2026, 12, 1)).standard
QUARTERLY = replace(STANDARD, from_quarters=True)


def _score(
    component: Component, cycle: str, tenths: int | None, **different: object
) -> ComponentScore:
    usual = ComponentScore(
        subject=Subject.CADRE,
        code="00004211",
        component=component,
        cycle=CycleCode(cycle),
        tenths=tenths,
        counts=Counts(),
        document="测评报告",
        held_on=date(2026, 6, 1),
        entered_by="zuzhi",
        entered_at=datetime(2026, 6, 2, tzinfo=UTC),
    )
    return replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def test_the_shipped_weights_leave_three_components_that_count() -> None:
    counting = {each: weight for each, weight in STANDARD.weights.items() if weight}
    assert counting == {
        Component.HOUSEHOLD: 60,
        Component.UNIT_RATING: 20,
        Component.INSPECTION: 20,
    }


def test_a_component_without_weight_is_shown_and_named_and_moves_nothing() -> None:
    spot = year_scores([_score(Component.SPOT_CHECK, "2026", 100)], 2026, STANDARD)
    result = annual_result(a_year_of(), 2026, STANDARD, spot)
    assert result.total_tenths == annual_result(a_year_of(), 2026, STANDARD).total_tenths
    assert [part.component for part in result.excluded] == [Component.SPOT_CHECK]
    assert result.score_of(Component.SPOT_CHECK) == 100


def test_a_component_s_own_score_takes_the_place_of_the_roster_s() -> None:
    given = year_scores([_score(Component.UNIT_RATING, "2026", 1000)], 2026, STANDARD)
    assert annual_result(a_year_of(), 2026, STANDARD, given).total_tenths == 890


def test_a_score_that_was_taken_away_is_absent_and_not_zero() -> None:
    given = year_scores([_score(Component.UNIT_RATING, "2026", None)], 2026, STANDARD)
    result = annual_result(a_year_of(), 2026, STANDARD, given)
    assert [part.component for part in result.excluded] == [Component.UNIT_RATING]
    assert result.total_tenths == 863  # (60 x 850 + 20 x 900) / 80 = 862.5


def test_a_component_that_too_few_answered_is_hidden_and_left_out() -> None:
    few = _score(Component.UNIT_RATING, "2026", 100, counts=Counts(asked=9, answered=4))
    result = annual_result(None, 2026, STANDARD, year_scores([few], 2026, STANDARD))
    assert result.score_of(Component.UNIT_RATING) is None
    assert "少于 5" in result.part(Component.UNIT_RATING).absent
    assert result.part(Component.UNIT_RATING).counts == Counts(asked=9, answered=4)


def test_quarters_make_a_year_only_where_the_rules_say_so() -> None:
    quarters = [
        _score(Component.UNIT_RATING, "2026Q1", 800),
        _score(Component.UNIT_RATING, "2026Q3", 901),
        _score(Component.UNIT_RATING, "2025Q4", 100),
    ]
    assert year_scores(quarters, 2026, STANDARD) == {}
    made = year_scores(quarters, 2026, QUARTERLY)[Component.UNIT_RATING]
    assert made.score_tenths == 851  # 850.5
    assert made.note == "由第1季度、第3季度的平均；没有第2季度、第4季度"
    own = [*quarters, _score(Component.UNIT_RATING, "2026", 500)]
    assert year_scores(own, 2026, QUARTERLY)[Component.UNIT_RATING].score_tenths == 500


def test_a_hidden_quarter_does_not_come_back_out_of_the_mean() -> None:
    enough, few = Counts(asked=20, answered=9), Counts(asked=20, answered=4)
    quarters = [
        _score(Component.HOUSEHOLD, "2026Q1", 800, counts=enough),
        _score(Component.HOUSEHOLD, "2026Q2", 100, counts=few),
    ]
    made = year_scores(quarters, 2026, QUARTERLY)[Component.HOUSEHOLD]
    assert (made.score_tenths, made.counts) == (800, enough)
    alone = year_scores(quarters[1:], 2026, QUARTERLY)
    assert annual_result(None, 2026, QUARTERLY, alone).score_of(Component.HOUSEHOLD) is None


@pytest.mark.parametrize(("open_", "covert", "both"), [(800, 701, 751), (800, None, 800)])
def test_the_two_inspections_make_one(open_: int, covert: int | None, both: int) -> None:
    halves = [_score(Component.OPEN_INSPECTION, "2026", open_)]
    halves += [_score(Component.COVERT_INSPECTION, "2026", covert)] if covert else []
    made = year_scores(halves, 2026, STANDARD)
    assert made[Component.INSPECTION].score_tenths == both
    weights = {**STANDARD.weights, Component.OPEN_INSPECTION: 10, Component.INSPECTION: 10}
    apart = replace(STANDARD, weights=weights)
    assert (Component.INSPECTION in year_scores(halves, 2026, apart)) is bool(covert)
    total = weighted_mean(weigh(made, STANDARD))
    assert total == both


@pytest.mark.parametrize(
    ("tenths", "counts"),
    [
        (1001, Counts()),
        (-1, Counts()),
        (500, Counts(asked=5, answered=6)),
        (500, Counts(asked=9, called=8, reached=9)),
        (500, Counts(asked=-1)),
    ],
)
def test_what_nobody_can_have_measured_is_refused(tenths: int, counts: Counts) -> None:
    with pytest.raises(InvalidInput, match=r"分|人数"):
        check_score(_score(Component.WINDOW, "2026", tenths, counts=counts))


def test_petition_statistics_can_have_no_weight() -> None:
    shipped = (files("evalsys.rulebooks") / "yishui-2013.toml").read_text(encoding="utf-8")
    text = shipped.replace("[parameter.pass_mark]", PETITIONS + "[parameter.pass_mark]")
    with pytest.raises(InvalidInput, match="信访统计只作趋势分析"):
        parse_rulebook(text, FIELDS)


PETITIONS = """[parameter.weight_petitions]
title = "信访总量权重"
unit = "%"
document = "case"
requirement = "Y77"
basis = "未核实"
values = [{ value = 10, since = 2013-01-01 }]

"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026", "2026"),
        ("２０２６年", "2026"),
        ("2026年度", "2026"),
        ("2026q3", "2026Q3"),
        ("2026-Q3", "2026Q3"),
        ("2026年第三季度", "2026Q3"),
        ("2026年3季度", "2026Q3"),
        ("2026Q5", None),
        ("去年", None),
        ("1999", None),
    ],
)
def test_a_cycle_is_read_as_people_write_it(text: str, code: str | None) -> None:
    assert read_code(text) == code


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2024Q4", date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_a_cycle_has_the_calendar_s_days(code: str, first: date, last: date) -> None:
    assert calendar_days(CycleCode(code)) == (first, last)


def _cycle(code: str, *, closed: bool = False) -> Cycle:
    first, last = calendar_days(CycleCode(code))
    kind = CycleKind.QUARTER if "Q" in code else CycleKind.YEAR
    at = NOON if closed else None
    return Cycle(CycleCode(code), kind, first, last, "zuzhi", NOON, closed_at=at)


@pytest.mark.parametrize(
    ("code", "first", "last", "known", "refusal"),
    [
        ("2026", date(2026, 12, 1), date(2026, 1, 1), (), "早于"),
        ("2026Q1", date(2026, 1, 1), date(2027, 1, 1), (), "之内"),
        ("2026Q2", date(2026, 3, 1), date(2026, 6, 30), (_cycle("2026Q1"),), "重叠"),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), (_cycle("2026", closed=True),), "关闭"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), (_cycle("2026"),), "已经建立"),
        ("26", date(2026, 1, 1), date(2026, 12, 31), (), "没有"),
    ],
)
def test_a_cycle_that_cannot_be_is_refused(
    code: str, first: date, last: date, known: tuple[Cycle, ...], refusal: str
) -> None:
    with pytest.raises((InvalidInput, RuleViolation), match=refusal):
        new_cycle(CycleCode(code), first, last, known, by="zuzhi", at=NOON)


def test_a_cycle_closes_once_and_after_its_end() -> None:
    with pytest.raises(RuleViolation, match="才结束"):
        check_may_close(_cycle("2026"), date(2026, 12, 31))
    check_may_close(_cycle("2026"), date(2027, 1, 1))
    with pytest.raises(RuleViolation, match="已经关闭"):
        check_may_close(_cycle("2026", closed=True), date(2027, 1, 1))
    assert closed_codes([_cycle("2026", closed=True), _cycle("2025Q1")]) == {
        "2026",
        *(f"2026Q{n}" for n in range(1, 5)),
    }
