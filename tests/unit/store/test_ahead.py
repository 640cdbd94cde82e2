"""Work in a process of its own: its values, its errors, its sudden end."""

import os
from pathlib import Path

import pytest

from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.store.ahead import ahead
from evalsys.store.roster_files import open_tables


def test_values_come_in_order_and_errors_after_them_keep_place_and_remedy(tmp_path: Path) -> None:
    assert list(ahead(iter, ["一", (2, None), b"\x00"])) == ["一", (2, None), b"\x00"]
    with pytest.raises(InvalidInput) as told:
        next(ahead(open_tables, tmp_path / "无.csv", "无.csv"))
    assert (told.value.place, told.value.remedy) == ("无.csv", "请核对路径。")


def test_a_child_that_dies_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(OutsideFailure, match="内存"):
        list(ahead(map, os._exit, [0]))


def test_who_stops_listening_ends_the_child() -> None:
    endless = ahead(zip, range(10**12), range(10**12))
    assert next(endless) == (0, 0)
    endless.close()  # would wait for the child
