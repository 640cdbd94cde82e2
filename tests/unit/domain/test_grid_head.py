"""Heads: two for a township, a village's of 副科级 or above, each on every day from the deed on."""

from dataclasses import replace
from datetime import date

import pytest

from evalsys.domain.grid_change import GridNow
from evalsys.domain.grid_head import (
    HeadAct,
    HeadDeed,
    HeadGround,
    HeadTerm,
    Named,
    check_head_act,
)
from evalsys.domain.roster import GridLevel
from evalsys.errors import EvalsysError

TODAY, ON = date(2026, 11, 2), date(2026, 11, 2)
TOWNSHIP = GridLevel(2, "乡镇大网格", 2, "", holds_households=False, holds_cadres=False)
VILLAGE = GridLevel(4, "村级网格", 1, "副科级", holds_households=True, holds_cadres=False)
GRID = GridNow("T1", "马站镇", 2, "C", "", "", None, None)
WANG = Named("00000001", "王建国", "正科级", None)
CLERK = Named("00000002", "李红", "一级科员", None)


def held(cadre: str, since: date = date(2022, 3, 1), until: date | None = None) -> HeadTerm:
    return HeadTerm(cadre, f"名{cadre[-1]}", since, until)


def ground(*terms: HeadTerm, level: GridLevel = TOWNSHIP, cadre: Named | None = WANG) -> HeadGround:
    return HeadGround(GRID, None, level, cadre, terms, is_waiting=False)


def appoint(replaces: str = "", on: date = ON) -> HeadAct:
    return HeadAct(HeadDeed.APPOINT, "T1", WANG.number, on, "任免文件", replaces)


def test_a_township_takes_a_second_head_and_what_was_checked_is_kept() -> None:
    check = check_head_act(appoint(), ground(held("00000005")), TODAY)
    assert (check.asked, check.least_rank, check.rank) == (2, "", "正科级")
    assert check.heads_after == ("名5", "王建国")


def test_somebody_takes_the_place_of_another_on_the_same_day() -> None:
    full = ground(held("00000005"), held("00000006"))
    with pytest.raises(EvalsysError, match="已有 2 名"):
        check_head_act(appoint(), full, TODAY)
    check = check_head_act(appoint("00000006"), full, TODAY)
    assert check.heads_after == ("名5", "王建国")
    with pytest.raises(EvalsysError, match="不是马站镇的负责人"):
        check_head_act(appoint("00000009"), full, TODAY)


def test_a_head_who_begins_later_counts_from_then_on() -> None:
    later = ground(held("00000005", date(2027, 1, 1)), level=VILLAGE)
    with pytest.raises(EvalsysError, match="已有 1 名"):
        check_head_act(appoint(), later, TODAY)


@pytest.mark.parametrize(
    ("found", "act", "said"),
    [
        (ground(level=VILLAGE, cadre=CLERK), appoint(), "应为副科级以上"),
        (ground(cadre=replace(WANG, left_on=ON)), appoint(), "离任"),
        (ground(cadre=None), appoint(), "没有编号为"),
        (replace(ground(), grid=None), appoint(), "没有编码为"),
        (replace(ground(), grid=replace(GRID, ended=date(2026, 1, 1))), appoint(), "撤并"),
        (replace(ground(), born=date(2026, 12, 1)), appoint(), "起才有"),
        (replace(ground(), is_waiting=True), appoint(), "没有了结"),
        (ground(held(WANG.number)), appoint(), "已是马站镇的负责人"),
        (ground(), appoint(on=date(2028, 1, 1)), "一年以后"),
        (ground(), replace(appoint(), reason=""), "没有写理由"),
        (ground(), replace(appoint(), deed=HeadDeed.END), "没有担任"),
        (ground(held(WANG.number, ON)), replace(appoint(), deed=HeadDeed.END), "没有担任"),
    ],
)
def test_what_cannot_be_is_refused(found: HeadGround, act: HeadAct, said: str) -> None:
    with pytest.raises(EvalsysError, match=said):
        check_head_act(act, found, TODAY)


def test_an_office_may_fall_vacant_and_that_is_told() -> None:
    end = replace(appoint(), deed=HeadDeed.END)
    assert check_head_act(end, ground(held(WANG.number)), TODAY).heads_after == ()
