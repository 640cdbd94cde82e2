"""Project polls: what may be planned, said and told (G05)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from evalsys.domain.polls import (
    Option,
    Plan,
    PollStage,
    Span,
    Voiced,
    check_plan,
    check_voice,
    chosen,
    read_options,
    results,
)
from evalsys.errors import InvalidInput, WrongPhase

TODAY = date(2026, 11, 26)
SPANS = tuple(
    Span(stage, TODAY + timedelta(days=30 * n), TODAY + timedelta(days=30 * n + 9))
    for n, stage in enumerate(PollStage)
)
ROAD, LAMPS, WELL = Option("硬化村东路", 300_000), Option("装路灯", 80_000), Option("打井", 50_000)
PLAN = Plan("今年办哪几件", "V1", 400_000, (ROAD, LAMPS, WELL), SPANS)
AFTER = SPANS[0].closes + timedelta(days=1)


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        (replace(PLAN, options=()), "备选项目要有 2 到 8 个，现有 0 个"),
        (replace(PLAN, options=(ROAD, ROAD)), "重名"),
        (replace(PLAN, yuan=100_000), "“硬化村东路”的造价不在可用资金之内"),
        (replace(PLAN, spans=SPANS[:3]), "四个阶段都要有"),
        (replace(PLAN, spans=(SPANS[1], SPANS[0], *SPANS[2:])), "次序为点菜、监督"),
        (replace(PLAN, spans=(*SPANS[:3], replace(SPANS[3], opens=TODAY))), "之前就开始"),
        (replace(PLAN, spans=(*SPANS[:3], replace(SPANS[3], closes=TODAY))), "截止日早于"),
        (replace(PLAN, title=""), "名称为 1 到 100 字"),
    ],
)
def test_a_poll_that_cannot_be_carried_out_is_refused(plan: Plan, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        check_plan(plan, TODAY)


def test_a_sound_plan_passes_until_its_first_day_is_past() -> None:
    assert check_plan(PLAN, TODAY) is PLAN
    with pytest.raises(InvalidInput, match="已经过去"):
        check_plan(PLAN, TODAY + timedelta(days=1))


def test_options_are_read_one_a_line_and_a_bad_line_is_named() -> None:
    assert read_options("硬化村东路 300,000元\n\n装路灯，80000") == (ROAD, LAMPS)
    with pytest.raises(InvalidInput) as refused:
        read_options("打井 50000\n修桥")
    assert refused.value.place == "备选项目第 2 行"


def test_a_stage_is_answered_on_its_days_with_its_answers() -> None:
    check_voice(PLAN, PollStage.CHOOSE, "3", SPANS[0].closes)
    with pytest.raises(WrongPhase, match="现在没有阶段进行"):
        check_voice(PLAN, PollStage.CHOOSE, "3", AFTER)
    with pytest.raises(WrongPhase, match="现在是群众点菜"):
        check_voice(PLAN, PollStage.APPRAISE, "5", TODAY)
    with pytest.raises(InvalidInput):
        check_voice(PLAN, PollStage.CHOOSE, "4", TODAY)


@pytest.mark.parametrize(
    ("counts", "day", "built"),
    [
        ({"1": 4, "2": 2, "3": 3}, AFTER, (1, 3)),  # after the road there is money for the well
        ({"2": 3, "3": 3}, AFTER, (2, 3)),  # equally wanted: as listed; nobody wants the road
        ({"1": 6}, AFTER, (1,)),  # everybody agrees: it has to be told, to be built
        ({"1": 4, "2": 2, "3": 3}, SPANS[0].closes, ()),  # not while it runs
        ({"1": 4}, AFTER, ()),  # four households: nothing is told
    ],
)
def test_the_most_wanted_are_built_while_money_lasts(
    counts: dict[str, int], day: date, built: tuple[int, ...]
) -> None:
    voices = {PollStage.CHOOSE: {Voiced.PAGE: sum(counts.values())}}
    said = {PollStage.CHOOSE: counts}
    assert chosen(PLAN, results(PLAN, 40, voices, said, day, 5)[0]) == built


def test_where_all_judge_alike_the_numbers_are_not_told() -> None:
    day = SPANS[2].closes + timedelta(days=1)
    voices = {
        PollStage.APPRAISE: {Voiced.CALL: 4, Voiced.LINK: 2},
        PollStage.SUPERVISE: {Voiced.PAGE: 6},
    }
    said = {PollStage.APPRAISE: {"1": 6}, PollStage.SUPERVISE: {"yes": 5, "no": 1}}
    _, supervise, appraise, _ = results(PLAN, 40, voices, said, day, 5)
    assert (appraise.counts, appraise.is_unanimous) == (None, True)
    assert supervise.counts == {"yes": 5, "no": 1, "unsure": 0}
