"""The pot is divided in one way that everybody can repeat."""

import pytest

from evalsys.domain.draw_strata import StrataKind, division_of, number_strata
from evalsys.domain.roster import CadreToFreeze
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, GridCode, UnitCode


def a_serving_cadre(township: str) -> CadreToFreeze:
    return CadreToFreeze(CadreNumber("00000001"), GridCode(township), "", UnitCode("U1"), ())


def test_townships_are_numbered_in_the_order_of_their_codes() -> None:
    division = division_of("township")
    keys = [division.key(a_serving_cadre(code)) for code in ("371323003", "371323001", "371323003")]
    assert number_strata(division, keys) == {"371323001": "T01", "371323003": "T02"}


def test_everybody_is_in_one_pot_when_the_draw_is_uniform() -> None:
    division = division_of(StrataKind.UNIFORM)
    keys = {division.key(a_serving_cadre(code)) for code in ("a", "b")}
    assert list(number_strata(division, keys).values()) == ["A01"]


def test_a_hundred_strata_are_too_many() -> None:
    division = division_of("township")
    assert len(number_strata(division, map(str, range(99)))) == 99
    with pytest.raises(InvalidInput, match="100"):
        number_strata(division, map(str, range(100)))


def test_an_unknown_division_is_refused_naming_the_known() -> None:
    with pytest.raises(InvalidInput) as refused:
        division_of("colour")
    assert "township" in refused.value.remedy
