"""A sheet is known by its header row, wherever it stands and however it is ornamented."""

from evalsys.domain.roster_headers import Recognised, Unrecognised, recognise
from evalsys.domain.roster_sheets import SHEETS, Kind

LINKS = ["户编码", "干部编号", "联系起始"]


def test_every_sheet_is_recognised_by_its_own_headers() -> None:
    for kind, sheet in SHEETS.items():
        found = recognise([[column.header for column in sheet.columns]])
        assert isinstance(found, Recognised)
        assert found.sheet.kind is kind
        assert found.unknown == ()
        assert found.positions == {column.name: i for i, column in enumerate(sheet.columns)}


def test_needed_columns_alone_are_enough_in_any_order() -> None:
    for kind, sheet in SHEETS.items():
        headers = [column.header for column in sheet.columns if column.needed]
        found = recognise([headers[::-1]])
        assert isinstance(found, Recognised)
        assert found.sheet.kind is kind


def test_a_title_above_and_ornaments_in_the_header_do_not_matter() -> None:
    rows = [
        ["沂水县联系关系一览表", "", ""],
        ["", "", ""],
        ["户 编码*", "干部\n编号", "联系起始（必填）"],
    ]
    found = recognise(rows)
    assert isinstance(found, Recognised)
    assert (found.sheet.kind, found.at) == (Kind.LINKS, 2)


def test_columns_that_mean_nothing_are_named() -> None:
    found = recognise([[*LINKS, "备注", ""]])
    assert isinstance(found, Recognised)
    assert found.unknown == ("备注",)


def test_a_missing_column_is_named_with_the_sheet_it_belongs_to() -> None:
    found = recognise([["户编码", "户主姓名", "家庭人口", "联系电话"]])
    assert isinstance(found, Unrecognised)
    assert found.nearest is SHEETS[Kind.HOUSEHOLDS]
    assert found.missing == ("所属网格编码",)


def test_a_column_that_comes_twice_is_named() -> None:
    found = recognise([[*LINKS, "户编码"]])
    assert isinstance(found, Unrecognised)
    assert found.repeated == ("户编码",)


def test_a_foreign_sheet_resembles_nothing() -> None:
    found = recognise([["填表说明"], ["1. 请逐行填写"], [3.0, None]])
    assert isinstance(found, Unrecognised)
    assert found.nearest is None
