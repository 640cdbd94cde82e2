"""The frozen roster has one spelling, and every other is refused with its line."""

import pytest

from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.draw_roster import (
    household_leaves,
    parse_roster,
    roster_line,
    roster_of,
    write_roster,
)
from evalsys.domain.merkle import merkle_root
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber
from tests.builders_draw import a_cadre, a_roster

ROSTER = a_roster(3)
DATA = write_roster(ROSTER)
LINES = DATA.splitlines()


def test_the_roster_reads_back_the_same_with_its_published_hashes() -> None:
    assert parse_roster(DATA) == ROSTER
    assert ROSTER.root == merkle_root(LINES).hex()
    assert (ROSTER.n, ROSTER.households, ROSTER.strata) == (3, 36, {"A01": 3})


def test_every_line_is_canonical_json() -> None:
    assert [canonical(parse_canonical(line)) for line in LINES] == LINES
    one = ROSTER.cadres[0]
    assert parse_canonical(roster_line(one)) == {
        "cadre": one.cadre,
        "hh_n": one.hh_n,
        "hh_root": one.hh_root,
        "stratum": one.stratum,
        "weight": one.weight,
    }


def test_household_leaves_are_canonical_json_and_numbered_from_one() -> None:
    salts = [b"\xf0" * 16, b"\x0f" * 16]
    first, leaf = household_leaves(CadreNumber("00001234"), ["", "+8610000000000"], salts)
    assert b'"hh":1,"phone":"","salt":"f0' in first
    assert parse_canonical(leaf) == {
        "cadre": "00001234",
        "hh": 2,
        "phone": "+8610000000000",
        "salt": "0f" * 16,
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(b"\n", b"\r\n", id="CRLF"),
        pytest.param(b'{"cadre":"00000001"', b'\xef\xbb\xbf{"cadre":"00000001"', id="BOM"),
        pytest.param(b'"hh_n":12', b'"hh_n":012', id="leading zero"),
        pytest.param(b'"hh_n":12', b'"hh_n":12.0', id="float"),
        pytest.param(b'"hh_n":12', b'"hh_n":100000', id="too many households"),
        pytest.param(b'"hh_n":12', b'"hh_n":-1', id="fewer than none"),
        pytest.param(b'"hh_n":12', '"hh_n":１2'.encode(), id="full-width digit"),  # noqa: RUF001 - the point
        pytest.param(b'"weight":1', b'"weight":9', id="weight above 8"),
        pytest.param(b'"weight":1', b'"weight":0', id="weight 0"),
        pytest.param(b'"weight":1', b'"weight":1,"weight":2', id="key twice"),
        pytest.param(b'"stratum":"A01"', b'"stratum":"a01"', id="stratum in lower case"),
        pytest.param(b'"cadre":"00000002"', b'"cadre":"0000002"', id="seven digits"),
        pytest.param(b'"cadre":"00000002"', b'"cadre":"00000001"', id="cadre twice"),
        pytest.param(b'"cadre":"00000002"', b'"cadre":"00000009"', id="out of order"),
        pytest.param(b'"cadre":', b'"cadre": ', id="space"),
        pytest.param(b"\n{", b"\n\n{", id="empty line"),
    ],
)
def test_any_other_spelling_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_roster(DATA.replace(old, new, 1))
    assert refused.value.place.startswith("roster.jsonl:")


def test_upper_case_hex_is_refused() -> None:
    root = ROSTER.cadres[0].hh_root.encode()
    with pytest.raises(InvalidInput):
        parse_roster(DATA.replace(root, root.upper()))


def test_a_last_line_without_line_feed_is_refused() -> None:
    with pytest.raises(InvalidInput, match="LF"):
        parse_roster(DATA[:-1])


def test_a_cadre_twice_cannot_be_frozen() -> None:
    with pytest.raises(InvalidInput, match="00000001"):
        roster_of([a_cadre(1), a_cadre(1)])


def test_a_cadre_without_households_stays_in_the_roster() -> None:
    assert roster_of([a_cadre(1, hh_n=0)]).cadres[0].hh_n == 0
