"""Presets are read whole, and every fault is named with its table and key."""

import pytest

from evalsys.domain.grid_preset import NUMBERS, parse_preset
from evalsys.domain.roster import YISHUI_LEVELS, GridLevel
from evalsys.errors import InvalidInput
from evalsys.store.grid_preset import preset_names, shipped_preset

SHAPES = {"yishui": 5, "yuelu": 4, "jurong": 3, "guiyang": 4}


@pytest.mark.parametrize(("name", "depth"), SHAPES.items())
def test_each_place_has_its_levels_and_says_where_they_are_from(name: str, depth: int) -> None:
    preset = shipped_preset(name)
    assert len(preset.levels) == depth
    assert preset.source
    assert set(NUMBERS) <= set(preset.numbers)


def test_the_case_studies_say_so() -> None:
    assert set(preset_names()) == set(SHAPES)
    assert shipped_preset("yishui").levels == YISHUI_LEVELS
    yuelu = shipped_preset("yuelu")
    assert [one.code for one in yuelu.classes] == ["A", "B", "C"]
    assert [(role.name, role.least) for role in yuelu.roles][:4] == [
        ("网格监督员", 1),
        ("网格管理员", 1),
        ("网格民情员", 1),
        ("网格治安员", 1),
    ]
    assert shipped_preset("jurong").elements


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format = 3 =", "TOML"),
        ('format = "evalsys-grid/2"', "format 应为 evalsys-grid/1"),
        ('[[level]]\nname = "县"\n', "应有 3 至 6 级，实为 1 级"),
        ('[[level]]\nname = "县"\nhead_min_rank = "处长"\n', "level[1]：head_min_rank 不认识"),
        ('[[role]]\nname = "网格员"\ndepth = 7\nleast = 2\nmost = 1\nsource = "x"\n', "role[1]"),
        ('[[class]]\ncode = "D"\ntitle = "x"\nvisits_a_quarter = 1\n', "应为 A、B 或 C"),
        ("", "缺少 number.households_per_cadre"),
        ('colour = "red"', "不认识 colour"),
    ],
)
def test_a_faulty_preset_is_refused_with_its_place(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_preset(text)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("县总网格", "县"),
        ("乡镇大网格", "乡镇"),
        ("工作片中网格", "工作片"),
        ("村级网格", "村"),
        ("街道（镇）网格", "街道（镇）"),
        ("区县", "区县"),
        ("市级统筹", "市"),
        ("网格", "网格"),
    ],
)
def test_a_level_is_called_by_what_it_is_not_by_being_a_grid(name: str, short: str) -> None:
    level = GridLevel(2, name, 1, "", holds_households=False, holds_cadres=False)
    assert level.short_name == short
