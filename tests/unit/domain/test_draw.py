"""The draw: everybody can compute it again, and nobody can bend it."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.draw import (
    SHOWN_TICKETS,
    FrozenCadre,
    check_dice,
    digest,
    draw_slot,
    household_order,
    household_seed,
    lowest_tickets,
    master_seed,
    slot_seed,
)
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.ids import CadreNumber, Stratum
from tests.builders_draw import a_cadre, digits

SEED = digest("a seed for tests")
A01 = Stratum("A01")


def hashed(text: str) -> str:
    """Written apart from the code under test, as `sha256sum` would do it."""
    return sha256(text.encode()).hexdigest()


def ticket_of(seed: str, cadre: FrozenCadre) -> str:
    return min(
        hashed(f"cadre-draw/1|ticket|{seed}|{cadre.cadre}|{i}") for i in range(1, cadre.weight + 1)
    )


def test_seeds_are_plain_sha256_over_fields_that_a_viewer_can_type() -> None:
    manifest, dice = hashed("manifest"), digits("master", 24)
    master = master_seed(manifest, dice)
    assert master == hashed(f"cadre-draw/1|master|{manifest}|{dice}|0|none")
    fresh = digits("slot", 12)
    slot = slot_seed(master, 7, fresh)
    assert slot == hashed(f"cadre-draw/1|slot|{master}|7|0|{fresh}")
    households = household_seed(slot, CadreNumber("00001234"))
    assert households == hashed(f"cadre-draw/1|hh|{slot}|00001234|0|none")


def test_with_a_beacon_its_round_and_randomness_enter_every_seed() -> None:
    manifest, dice, out = hashed("manifest"), digits("master", 24), hashed("beacon")
    master = master_seed(manifest, dice, beacon_round="9000", randomness=out)
    assert master == hashed(f"cadre-draw/1|master|{manifest}|{dice}|9000|{out}")
    slot = slot_seed(master, 1, out, beacon_round="9001")
    assert slot == hashed(f"cadre-draw/1|slot|{master}|1|9001|{out}")
    order = household_seed(slot, CadreNumber("00000001"), beacon_round="9002", randomness=out)
    assert order == hashed(f"cadre-draw/1|hh|{slot}|00000001|9002|{out}")


@pytest.mark.parametrize(
    "typed",
    [
        "12345678901",
        "1234567890123",
        "12345678901 ",
        "\uff1123456789012",
        "12345678901a",
        "",
        "٣" * 12,
    ],
)
def test_dice_are_exactly_so_many_ascii_digits(typed: str) -> None:
    with pytest.raises(InvalidInput, match="12 位半角数字"):
        check_dice(typed, 12)


@pytest.mark.parametrize("field", ["a|b", "沂水"])
def test_a_field_that_would_make_the_encoding_ambiguous_is_refused(field: str) -> None:
    with pytest.raises(InvalidInput):
        digest("ticket", field)


@given(st.sets(st.integers(1, 500), min_size=1, max_size=60), st.integers(0, 7))
def test_the_five_smallest_tickets_are_found_in_order(numbers: set[int], heavy: int) -> None:
    cadres = [a_cadre(i, weight=1 + (i + heavy) % 8) for i in numbers]
    every = sorted((ticket_of(SEED, one), one.cadre) for one in cadres)
    result = draw_slot(SEED, A01, cadres)
    assert (result.ticket, result.cadre) == every[0]
    assert [(ticket, cadre) for cadre, ticket in result.runners_up] == every[1:SHOWN_TICKETS]
    assert result.eligible_n == len(cadres)


@given(st.sets(st.integers(1, 500), min_size=2, max_size=60), st.data())
def test_dropping_somebody_who_was_not_drawn_changes_nothing(
    numbers: set[int], data: st.DataObject
) -> None:
    cadres = [a_cadre(i) for i in sorted(numbers)]
    drawn = draw_slot(SEED, A01, cadres)
    dropped = data.draw(st.sampled_from([one for one in cadres if one.cadre != drawn.cadre]))
    again = draw_slot(SEED, A01, [one for one in cadres if one != dropped])
    assert (again.cadre, again.ticket) == (drawn.cadre, drawn.ticket)


@given(st.permutations([a_cadre(i) for i in range(1, 20)]))
def test_the_order_of_the_roster_does_not_matter(cadres: list[FrozenCadre]) -> None:
    assert draw_slot(SEED, A01, cadres) == draw_slot(SEED, A01, sorted(cadres, key=str))


def test_only_the_stratum_is_drawn_from_without_the_excluded_and_the_already_drawn() -> None:
    cadres = [a_cadre(i, stratum=f"T{i % 3:02d}") for i in range(30)]
    excluded, taken = {cadres[1].cadre}, {cadres[4].cadre, cadres[0].cadre}
    result = draw_slot(SEED, Stratum("T01"), cadres, excluded=excluded, taken=taken)
    pot = {f"{i:08d}" for i in range(1, 30, 3)} - excluded - taken
    assert {result.cadre, *(cadre for cadre, _ in result.runners_up)} <= pot
    assert result.eligible_n == len(pot) == 8


def test_an_empty_pot_cannot_be_drawn_from() -> None:
    with pytest.raises(RuleViolation, match="T09"):
        draw_slot(SEED, Stratum("T09"), [a_cadre()])


def test_memory_does_not_grow_with_a_streamed_pot() -> None:
    pot = ((CadreNumber(f"{i:08d}"), 1) for i in range(5000))
    lowest = lowest_tickets(SEED, pot, 50)
    assert (len(lowest.tickets), lowest.pot_n) == (50, 5000)
    tickets = [ticket for _, ticket in lowest.tickets]
    assert tickets == sorted(tickets)


def test_twenty_thousand_draws_from_ten_are_even() -> None:
    """Chi-square with 9 degrees of freedom; 27.88 is passed once in a thousand fair runs."""
    cadres = [a_cadre(i) for i in range(10)]
    counts = dict.fromkeys((one.cadre for one in cadres), 0)
    for j in range(20_000):
        counts[draw_slot(digest("even", j), A01, cadres).cadre] += 1
    chi_square = sum((count - 2000) ** 2 / 2000 for count in counts.values())
    assert chi_square < 27.88


def test_a_weight_of_three_is_drawn_three_times_as_often() -> None:
    """Six tickets, three of one cadre: chi-square with 3 degrees of freedom, once in a thousand."""
    cadres = [a_cadre(0, weight=3), a_cadre(1), a_cadre(2), a_cadre(3)]
    counts = dict.fromkeys((one.cadre for one in cadres), 0)
    for j in range(6000):
        counts[draw_slot(digest("weight", j), A01, cadres).cadre] += 1
    expected = {one.cadre: 1000 * one.weight for one in cadres}
    chi_square = sum((counts[c] - n) ** 2 / n for c, n in expected.items())
    assert chi_square < 16.27


@given(st.integers(0, 120))
def test_the_household_order_is_every_position_once_sorted_by_its_ticket(hh_n: int) -> None:
    order = household_order(SEED, hh_n)
    assert sorted(order) == list(range(1, hh_n + 1))
    tickets = [hashed(f"cadre-draw/1|hh-ticket|{SEED}|{k}") for k in order]
    assert tickets == sorted(tickets)
