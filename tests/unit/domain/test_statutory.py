"""The quota of the top statutory grade: counted in whole people, higher by approval alone."""

import pytest

from evalsys.domain.statutory import over_quota
from evalsys.ids import CadreNumber, UnitCode

UNIT = UnitCode("U001")


def _unit(members: int, top: int) -> tuple[dict[CadreNumber, str], dict[CadreNumber, UnitCode]]:
    numbers = [CadreNumber(f"{n:08d}") for n in range(members)]
    grades = {number: "优秀" if n < top else "称职" for n, number in enumerate(numbers)}
    return grades, dict.fromkeys(numbers, UNIT)


@pytest.mark.parametrize(
    ("members", "top", "percents", "found"),
    [
        (10, 2, {}, {}),
        (10, 3, {}, {UNIT: (3, 2)}),
        (12, 3, {}, {UNIT: (3, 2)}),
        (12, 3, {UNIT: 25}, {}),
        (4, 1, {}, {UNIT: (1, 0)}),
        (4, 1, {UNIT: 25}, {}),
        (4, 0, {}, {}),
    ],
)
def test_a_unit_may_have_so_many_and_no_more(
    members: int,
    top: int,
    percents: dict[UnitCode, int],
    found: dict[UnitCode, tuple[int, int]],
) -> None:
    assert over_quota(*_unit(members, top), percents, 20) == found


def test_who_left_the_unit_is_not_counted() -> None:
    grades, unit_of = _unit(5, 1)
    assert over_quota(grades | {CadreNumber("00000099"): "优秀"}, unit_of, {}, 20) == {}
