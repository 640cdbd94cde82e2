"""What a change of the grid is refused for, each with its place."""

from dataclasses import replace
from datetime import date

import pytest

from evalsys.domain.grid_change import (
    Candidate,
    ChangeKind,
    GridChange,
    GridNow,
    Ground,
    Part,
    check_change,
)
from evalsys.domain.roster import YISHUI_LEVELS
from evalsys.domain.ruling import Ruling, check_ruling
from evalsys.errors import EvalsysError, InvalidInput, NotAllowed, StaleState

TODAY = date(2026, 11, 2)
DAY = date(2026, 12, 1)


def grid(code: str, depth: int, parent: str | None, **other: date | None) -> GridNow:
    return GridNow(
        code, f"网格{code}", depth, parent, "", "", other.get("touched"), other.get("ended")
    )


GROUND = Ground(
    {level.depth: level for level in YISHUI_LEVELS},
    {
        one.code: one
        for one in (
            grid("C", 1, None),
            grid("T1", 2, "C"),
            grid("T2", 2, "C"),
            grid("W1", 3, "T1"),
            grid("W2", 3, "T2"),
            grid("V1", 4, "W1"),
            grid("V2", 4, "W1"),
            grid("V3", 4, "W2", touched=date(2026, 12, 1)),
            grid("V4", 4, "W2", ended=date(2026, 5, 1)),
            grid("V5", 4, "W2"),
            grid("G3", 5, "V3"),
        )
    },
    {"V1": ("00000001",), "V2": ("00000002",)},
    {"G1": "grid", "00000003": "cadre", "3713": "household"},
    {
        "00000001": Candidate("00000001", "王建国", "正科级", has_left=False),
        "00000003": Candidate("00000003", "赵敏", "管理九级", has_left=False),
        "00000004": Candidate("00000004", "周平", "副科级", has_left=True),
    },
    frozenset({"V5"}),
    frozenset(),
)
RENAME = GridChange(ChangeKind.RENAME, "V1", DAY, "县文件", name="新村")
MERGE = GridChange(ChangeKind.MERGE, "V2", DAY, "县文件", target="V1")
PART = Part("V9", "新村", "00000001", ("G1",))
SPLIT = GridChange(ChangeKind.SPLIT, "V1", DAY, "县文件", parts=(PART,))
BOUNDS = GridChange(ChangeKind.BOUNDS, "V1", DAY, "县文件", bounds="东至河")
MOVE = GridChange(ChangeKind.MOVE, "W1", DAY, "县文件", target="T2")


@pytest.mark.parametrize("change", [RENAME, MERGE, SPLIT, BOUNDS, MOVE])
def test_what_is_in_order_passes(change: GridChange) -> None:
    check_change(change, GROUND, TODAY)


@pytest.mark.parametrize(
    ("change", "said", "place"),
    [
        (replace(RENAME, grid="X"), "没有编码为 X 的网格", "网格"),
        (replace(RENAME, grid="V4"), "已于 2026-05-01 撤并", "网格"),
        (replace(RENAME, reason=" "), "没有写理由", "理由"),
        (replace(RENAME, on=date(2028, 1, 1)), "在一年以后", "生效日"),
        (replace(RENAME, name="网格V1"), "与现名相同", "新名称"),
        (replace(RENAME, name=""), "没有写名称", "新名称"),
        (replace(RENAME, grid="V3"), "与生效日 2026-12-01 重叠", ""),
        (replace(RENAME, grid="V5"), "还没有了结", ""),
        (replace(BOUNDS, bounds=""), "都没有变", "四至"),
        (replace(BOUNDS, grid_class="D"), "没有“D”类", "网格类别"),
        (replace(MOVE, grid="T1", target="W1"), "会成为循环", "新的上级"),
        (replace(MOVE, grid="T1", target="T1"), "会成为循环", "新的上级"),
        (replace(MOVE, target="V3"), "应是第2级", "新的上级"),
        (replace(MOVE, target="T1"), "本来就在", "新的上级"),
        (replace(MOVE, grid="C"), "没有上级", "网格"),
        (replace(MOVE, target=""), "没有编码", "新的上级"),
        (replace(MERGE, target="V2"), "不能并入", "并入"),
        (replace(MERGE, target="W1"), "不能并入", "并入"),
        (replace(MERGE, target="V4"), "撤并", "并入"),
        (replace(MERGE, target="V5"), "还没有了结", ""),
        (replace(MERGE, target="V3"), "没有负责人", "并入"),
        (replace(SPLIT, parts=()), "应为 1 至 20 个", "新网格"),
        (replace(SPLIT, parts=(replace(PART, code="V2"),)), "不能用", "新网格第1行"),
        (replace(SPLIT, parts=(PART, PART)), "不能用", "新网格第2行"),
        (replace(SPLIT, parts=(PART, replace(PART, code="V8"))), "划入了两处", "新网格第2行"),
        (replace(SPLIT, parts=(replace(PART, members=("G7",)),)), "不在", "新网格第1行"),
        (replace(SPLIT, parts=(replace(PART, members=()),)), "什么也没有", "新网格第1行"),
        (replace(SPLIT, parts=(replace(PART, head=""),)), "没有负责人", "新网格第1行"),
        (replace(SPLIT, parts=(replace(PART, head="00000004"),)), "在岗", "新网格第1行"),
        (replace(SPLIT, parts=(replace(PART, head="00000003"),)), "副科级以上", "新网格第1行"),
    ],
)
def test_a_change_that_cannot_be_says_why_and_where(
    change: GridChange, said: str, place: str
) -> None:
    with pytest.raises(EvalsysError) as refused:
        check_change(change, GROUND, TODAY)
    assert said in refused.value.what
    assert refused.value.place == place
    assert refused.value.remedy


def test_nobody_approves_what_he_proposed() -> None:
    check_ruling(Ruling.PROPOSED, "甲", Ruling.ACCEPTED, "乙", "")
    check_ruling(Ruling.PROPOSED, "甲", Ruling.WITHDRAWN, "甲", "")
    with pytest.raises(NotAllowed, match="自己批准"):
        check_ruling(Ruling.PROPOSED, "甲", Ruling.ACCEPTED, "甲", "")
    with pytest.raises(NotAllowed, match="撤回"):
        check_ruling(Ruling.PROPOSED, "甲", Ruling.WITHDRAWN, "乙", "")
    with pytest.raises(InvalidInput, match="理由"):
        check_ruling(Ruling.PROPOSED, "甲", Ruling.DECLINED, "乙", " ")
    check_ruling(Ruling.ACCEPTED, "甲", Ruling.WITHDRAWN, "甲", "")
    with pytest.raises(StaleState):
        check_ruling(Ruling.ACCEPTED, "甲", Ruling.ACCEPTED, "乙", "")
    with pytest.raises(StaleState):
        check_ruling(Ruling.DONE, "甲", Ruling.WITHDRAWN, "甲", "")
