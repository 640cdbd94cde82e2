"""Signs for review: what is worth a look, and what is not."""

from datetime import datetime, timedelta

import pytest

from evalsys.domain.flags import (
    Flag,
    FlagKind,
    Occasion,
    Rhythm,
    Wave,
    bursts,
    faster_than_prompt,
    jumps,
    official_numbers,
    same_rhythm,
    shared_numbers,
)
from tests.builders import NOON

CADRE = "00004211"
ROUND = Occasion("0" * 32 + "/1", CADRE)
SLOW = Rhythm((40, 22, 31, 28), (36, 16, 24, 24))


def rhythm(*waits: int, said: int = 24) -> Rhythm:
    return Rhythm(waits, (said,) * len(waits))


def test_a_number_of_several_households_is_one_flag_that_names_them_all() -> None:
    (flag,) = shared_numbers([("H2", "H1", "H3"), ("H9",)])
    assert flag == Flag(FlagKind.SHARED_NUMBER, "H1", {"households": ["H1", "H2", "H3"]})


def test_a_household_at_a_cadres_number_is_flagged_with_every_cadre() -> None:
    flags = list(official_numbers([("H1", "00000002"), ("H1", "00000001"), ("H2", "00000001")]))
    assert [flag.subject for flag in flags] == ["H1", "H2"]
    assert flags[0].evidence == {"cadres": ["00000001", "00000002"]}


@pytest.mark.parametrize(
    ("calls", "flagged"),
    [
        ([rhythm(10, 12, 9)] * 3, True),
        ([rhythm(10, 12, 9)] * 2 + [SLOW] * 3, True),
        ([rhythm(10, 12, 9)] * 2, False),
        ([rhythm(10, 12, 9), rhythm(10, 12, 8), rhythm(10, 11, 9)], False),
        ([rhythm(10, 12)] * 9, False),
        ([], False),
    ],
)
def test_the_same_rhythm_three_times_is_worth_a_look(calls: list[Rhythm], *, flagged: bool) -> None:
    assert bool(list(same_rhythm({ROUND: calls}))) is flagged


def test_the_evidence_of_a_rhythm_says_how_many_of_how_many() -> None:
    (flag,) = same_rhythm({ROUND: [rhythm(4, 4, 4)] * 4 + [SLOW]})
    assert flag.subject == CADRE
    assert flag.evidence == {
        "place": ROUND.place,
        "calls": 4,
        "of": 5,
        "half_seconds": [4, 4, 4],
    }


@pytest.mark.parametrize(
    ("calls", "flagged"),
    [
        ([rhythm(7, 7, 7), rhythm(5, 6, 7), SLOW], True),
        ([rhythm(7, 7, 7), SLOW], False),
        ([rhythm(8, 7, 7), rhythm(7, 7, 8)], False),  # one key came after a third
        ([rhythm(1, 1), rhythm(1, 1)], False),
    ],
)
def test_keys_before_a_third_of_every_question_in_two_calls(
    calls: list[Rhythm], *, flagged: bool
) -> None:
    assert bool(list(faster_than_prompt({ROUND: calls}))) is flagged


def answers(n: int, minutes: int) -> list[datetime]:
    """`n` answers spread over so many minutes."""
    return [NOON + timedelta(minutes=minutes) * i / (n - 1) for i in range(n)]


@pytest.mark.parametrize(
    ("n", "minutes", "linked", "flagged"),
    [
        (5, 10, 5, True),
        (8, 9, 10, True),
        (7, 9, 10, False),  # too small a share
        (4, 1, 4, False),  # too few to say anything
        (30, 11, 30, False),  # slow enough
    ],
)
def test_all_households_within_minutes(n: int, minutes: int, linked: int, *, flagged: bool) -> None:
    found = list(bursts({ROUND: answers(n, minutes)}, {CADRE: linked}))
    assert bool(found) is flagged


def wave(day: int, tenths: int | None, n: int = 20) -> Wave:
    return Wave(f"{day:032}/1", NOON + timedelta(days=day), n, tenths)


@pytest.mark.parametrize(
    ("waves", "flagged"),
    [
        ([wave(1, 30), wave(2, 40)], 1),
        ([wave(2, 30), wave(1, 41)], 1),
        ([wave(1, 30), wave(2, 39)], 0),
        ([wave(1, 30), wave(2, None), wave(3, 41)], 1),
        ([wave(1, 20, n=4), wave(2, 45)], 0),
        ([wave(1, 45), wave(2, 20), wave(3, 45)], 2),
        ([wave(1, 45)], 0),
    ],
)
def test_a_whole_point_since_the_wave_before(waves: list[Wave], flagged: int) -> None:
    assert len(list(jumps({CADRE: waves}))) == flagged


def test_the_same_evidence_is_the_same_flag() -> None:
    first = Flag(FlagKind.JUMP, CADRE, {"from": 30, "to": 45})
    again = Flag(FlagKind.JUMP, CADRE, {"to": 45, "from": 30})
    other = Flag(FlagKind.JUMP, CADRE, {"from": 30, "to": 46})
    assert first.id == again.id
    assert first.id != other.id
