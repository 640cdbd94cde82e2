"""The quota of the top statutory grade: whole people, by unit and peer group, more by approval."""

import pytest

from evalsys.domain.rule_versions import Ruling
from evalsys.domain.statutory import QuotaRequest, QuotaRules, QuotaScope, quota_standings
from evalsys.ids import CadreNumber, UnitCode
from tests.builders import NOON

UNIT, OTHER = UnitCode("U001"), UnitCode("U002")
GROUP = "管钱管物部门·一般干部"
RULES = {"top_grade_quota": 20, "top_grade_quota_approved": 25, "top_grade_quota_by": 1}
Places = dict[CadreNumber, tuple[UnitCode, str]]


def _places(*sizes: tuple[UnitCode, str, int]) -> Places:
    everybody = [(unit, group) for unit, group, n in sizes for _ in range(n)]
    return {CadreNumber(f"{n:08d}"): place for n, place in enumerate(everybody)}


def _top(places: Places, count: int) -> dict[CadreNumber, str]:
    return {cadre: "优秀" if n < count else "称职" for n, cadre in enumerate(places)}


def _approved(group: str = "") -> QuotaRequest:
    return QuotaRequest(1, UNIT, 2026, "突出", "a", NOON, Ruling.APPROVED, "b", NOON, group)


@pytest.mark.parametrize(
    ("members", "top", "higher", "over"),
    [
        (10, 2, False, None),
        (10, 3, False, (3, 2)),
        (12, 3, False, (3, 2)),
        (12, 3, True, None),
        (4, 1, False, (1, 0)),
        (4, 1, True, None),
        (4, 0, False, None),
    ],
)
def test_a_unit_may_have_so_many_and_no_more(
    members: int, top: int, over: tuple[int, int] | None, *, higher: bool
) -> None:
    places = _places((UNIT, GROUP, members))
    requests = [_approved()] if higher else []
    found = quota_standings(_top(places, top), places, requests, QuotaRules.of(RULES))
    assert next(((one.top, one.most) for one in found if one.is_over), None) == over


def test_who_left_is_not_counted() -> None:
    places = _places((UNIT, GROUP, 5))
    grades = _top(places, 1) | {CadreNumber("00000099"): "优秀"}
    (one,) = quota_standings(grades, places, (), QuotaRules.of(RULES))
    assert (one.top, one.most) == (1, 1)


def test_a_peer_group_has_a_quota_across_units() -> None:
    both = QuotaRules.of(RULES | {"top_grade_quota_by": 3})
    places = _places((UNIT, GROUP, 10), (OTHER, GROUP, 2), (OTHER, "县领导", 3), (OTHER, "其他", 5))
    grades = _top(places, 3)
    found = {(one.scope, one.code): one for one in quota_standings(grades, places, (), both)}
    assert found[QuotaScope.GROUP, GROUP].is_over
    assert found[QuotaScope.UNIT, UNIT].is_over
    # Too small for a whole place: its people are counted in their units.
    assert (QuotaScope.GROUP, "县领导") not in found
    for_group = [_approved(GROUP)]
    found = {(one.scope, one.code): one for one in quota_standings(grades, places, for_group, both)}
    assert (found[QuotaScope.GROUP, GROUP].most, found[QuotaScope.UNIT, UNIT].most) == (3, 2)
    only = QuotaRules.of(RULES | {"top_grade_quota_by": 2})
    alone = quota_standings(grades, places, (), only)
    assert [(one.code, one.most) for one in alone] == [("其他", 1), ("县领导", 0), (GROUP, 2)]
