"""Peers: compared within their group, and not at all where a group is small."""

import pytest

from evalsys.domain.peers import NO_KIND, group_of, standings
from evalsys.ids import CadreNumber, UnitCode

KINDS = {UnitCode("U001"): "管钱管物部门"}


@pytest.mark.parametrize(
    ("rank", "unit", "assigned", "group"),
    [
        ("副科级", "U001", "", "管钱管物部门·副科级"),
        ("管理八级", "U001", "", "管钱管物部门·副科级"),
        ("科员", "U002", "", f"{NO_KIND}·一般干部"),
        ("科员", "U002", "驻村干部", "驻村干部"),
        ("特岗", "U001", "", "管钱管物部门·特岗"),
    ],
)
def test_a_group_is_a_band_in_a_kind_of_units_or_what_was_assigned(
    rank: str, unit: str, assigned: str, group: str
) -> None:
    assert group_of(rank, UnitCode(unit), KINDS, assigned) == group


def _number(n: int) -> CadreNumber:
    return CadreNumber(f"{n:08d}")


def test_the_best_comes_first_and_equals_share_a_place() -> None:
    totals = (900, 800, 800, 700, 600, 500, 400, 300, None)
    found = standings(((_number(n), "组", t) for n, t in enumerate(totals)), hide_below=5)
    assert [found[_number(n)].place for n in range(9)] == [1, 2, 2, 4, 5, 6, 7, 8, None]
    assert [found[_number(n)].quartile for n in range(8)] == [1, 1, 1, 2, 3, 3, 4, 4]
    assert {(one.people, one.graded, one.median_tenths) for one in found.values()} == {(9, 8, 600)}


def test_a_small_group_shows_nothing_but_its_size() -> None:
    members = [(_number(n), "甲", 800) for n in range(4)]
    members += [(_number(n), "乙", 800) for n in range(4, 9)]
    found = standings(members, hide_below=5)
    assert (found[_number(0)].median_tenths, found[_number(0)].place) == (None, None)
    assert found[_number(4)].median_tenths == 800
