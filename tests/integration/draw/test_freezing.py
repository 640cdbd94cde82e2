"""A session draws from a snapshot that nobody can edit and that tells nothing it should not."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from evalsys.domain.draw_roster import parse_roster
from evalsys.domain.merkle import EMPTY_ROOT, proves_inclusion
from evalsys.errors import InvalidInput, NotFound, RuleViolation
from evalsys.ids import CadreNumber, LiveId, Stratum
from evalsys.services.draw import Draws
from evalsys.store import audit
from evalsys.store.database import Database
from tests.roster_rows import code_of, number_of, phone_of

LIVE = LiveId("0123456789abcdef" * 2)
SEVEN = CadreNumber(number_of(2))
"""The third cadre of the county, with seven households."""
FIRST = CadreNumber(number_of(0))
"""The first, with three; the first of them has no telephone."""
TABLES = ("frozen_rosters", "frozen_strata", "frozen_cadres", "frozen_lists")


@pytest.fixture
def frozen(county: Database, draws: Draws) -> Draws:
    with county.write() as db:
        draws.freeze_in(db, LIVE, "township")
    return draws


def test_the_published_roster_is_the_frozen_one_by_township(county: Database, draws: Draws) -> None:
    with county.write() as db:
        roster = draws.freeze_in(db, LIVE, "township")
    assert (roster.n, roster.households) == (40, 150)
    assert parse_roster(draws.roster_jsonl(LIVE)) == roster == draws.frozen_roster(LIVE)
    assert roster.strata[Stratum("T01")] == 3
    assert len(roster.strata) == len(draws.stratum_labels(LIVE)) == 19
    assert draws.stratum_labels(LIVE)[Stratum("T03")] == ("T02", "T02")


def test_a_uniform_draw_has_one_stratum(county: Database, draws: Draws) -> None:
    with county.write() as db:
        assert draws.freeze_in(db, LIVE, "uniform").strata == {"A01": 40}
    assert draws.stratum_labels(LIVE) == {"A01": ("", "全县一池")}


def test_a_cadre_without_households_stays_in_the_pot(frozen: Draws) -> None:
    alone = frozen.frozen_roster(LIVE).by_cadre[CadreNumber(number_of(1))]
    assert (alone.hh_n, alone.hh_root) == (0, EMPTY_ROOT.hex())


def test_every_household_stands_at_one_position_and_has_its_own_number(
    county: Database, frozen: Draws
) -> None:
    with county.write() as db:
        at = frozen.households_of(db, LIVE, SEVEN)
        numbers = {k: frozen.open_number(db, LIVE, SEVEN, k, actor="tester") for k in at}
    assert sorted(at) == list(range(1, 8))
    assert sorted(at.values()) == [code_of(2, h) for h in range(7)]
    assert numbers == {k: phone_of(2, int(code[-3:]) - 1) for k, code in at.items()}


def test_positions_do_not_follow_the_codes_of_the_households(
    county: Database, frozen: Draws
) -> None:
    with county.read() as db:
        orders = [
            list(frozen.households_of(db, LIVE, CadreNumber(number_of(i))).values())
            for i in range(2, 40, 4)
        ]
    assert any(codes != sorted(codes) for codes in orders)


def test_an_opening_proves_what_was_frozen(frozen: Draws) -> None:
    roster = frozen.frozen_roster(LIVE)
    for k in range(1, 8):
        opened = frozen.household_opening(LIVE, SEVEN, k, actor="auditor")
        path = [bytes.fromhex(step) for step in opened.path]
        root = bytes.fromhex(roster.by_cadre[SEVEN].hh_root)
        assert proves_inclusion(opened.leaf, k - 1, opened.size, path, root)
        assert opened.root == roster.by_cadre[SEVEN].hh_root


def test_a_household_without_a_usable_number_opens_to_nothing(
    county: Database, frozen: Draws
) -> None:
    with county.write() as db:
        at = frozen.households_of(db, LIVE, FIRST)
        numbers = {at[k]: frozen.open_number(db, LIVE, FIRST, k, actor="tester") for k in at}
    assert numbers == {
        code_of(0, 0): "",
        code_of(0, 1): phone_of(0, 1),
        code_of(0, 2): phone_of(0, 2),
    }


def test_opening_a_number_is_audited_with_the_call_or_not_at_all(
    county: Database, frozen: Draws
) -> None:
    def undone() -> None:
        with county.write() as db:
            frozen.open_number(db, LIVE, SEVEN, 1, actor="dialler")
            raise RuntimeError("the call was not placed")

    with pytest.raises(RuntimeError):
        undone()
    with county.write() as db:
        frozen.open_number(db, LIVE, SEVEN, 2, actor="dialler")
    with county.read() as db:
        lines = [(line.actor, line.action, line.subject) for line in audit.entries(db)]
    assert lines == [("dialler", "phone.read", f"{LIVE}/{SEVEN}/2")]


def test_a_change_of_the_roster_does_not_reach_a_frozen_session(
    county: Database, frozen: Draws
) -> None:
    before = frozen.roster_jsonl(LIVE)
    with county.write() as db:
        db.execute(text("DELETE FROM phones"))
        db.execute(text("DELETE FROM household_links"))
    with county.write() as db:
        assert frozen.open_number(db, LIVE, SEVEN, 1, actor="tester").startswith("+86")
    assert Draws(county, frozen._box, frozen._now).roster_jsonl(LIVE) == before


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"]
)
def test_the_database_refuses_to_edit_a_frozen_roster(
    county: Database, frozen: Draws, table: str, change: str
) -> None:
    column = "live" if table == "frozen_rosters" else "roster"
    statement = change.format(table=table, column=column)
    with pytest.raises(DatabaseError, match="append-only"), county.write() as db:
        db.execute(text(statement))
    assert frozen.frozen_roster(LIVE).n == 40


def test_a_roster_that_is_frozen_again_is_salted_anew_and_the_first_is_kept(
    county: Database, frozen: Draws
) -> None:
    before = frozen.frozen_roster(LIVE)
    with county.write() as db:
        again = frozen.freeze_in(db, LIVE, "uniform")
    assert again.by_cadre[SEVEN].hh_root != before.by_cadre[SEVEN].hh_root
    assert frozen.frozen_roster(LIVE) == again
    assert frozen.stratum_labels(LIVE).keys() == {"A01"}
    with county.read() as db:
        query = text("SELECT hh_root FROM frozen_cadres WHERE cadre = :cadre")
        kept = set(db.execute(query, {"cadre": SEVEN}).scalars())
    assert kept == {one.by_cadre[SEVEN].hh_root for one in (before, again)}


def test_a_number_of_the_earlier_freeze_does_not_open_at_a_position_of_the_later(
    county: Database, frozen: Draws
) -> None:
    with county.write() as db:
        frozen.freeze_in(db, LIVE, "uniform")
    with county.write() as db:
        at = frozen.households_of(db, LIVE, SEVEN)
        numbers = {k: frozen.open_number(db, LIVE, SEVEN, k, actor="tester") for k in at}
    assert numbers == {k: phone_of(2, int(code[-3:]) - 1) for k, code in at.items()}


def test_two_sessions_keep_their_own_rosters_and_salts(county: Database, frozen: Draws) -> None:
    other = LiveId("f" * 32)
    with county.write() as db:
        roster = frozen.freeze_in(db, other, "township")
    assert roster.n == 40
    assert roster.by_cadre[SEVEN].hh_root != frozen.frozen_roster(LIVE).by_cadre[SEVEN].hh_root


def test_what_does_not_exist_is_said_so(county: Database, frozen: Draws) -> None:
    with pytest.raises(NotFound), county.read() as db:
        frozen.household_at(db, LIVE, SEVEN, 8)
    with pytest.raises(NotFound):
        frozen.household_opening(LIVE, SEVEN, 0, actor="auditor")
    with pytest.raises(NotFound):
        frozen.frozen_roster(LiveId("e" * 32))


def test_an_empty_county_or_an_unknown_division_is_not_frozen(
    county: Database, draws: Draws
) -> None:
    with pytest.raises(InvalidInput, match="分层"), county.write() as db:
        draws.freeze_in(db, LIVE, "by colour")
    with county.write() as db:
        db.execute(text("UPDATE cadres SET left_on = '2020-01-01'"))
    with pytest.raises(RuleViolation, match="没有干部"), county.write() as db:
        draws.freeze_in(db, LIVE, "uniform")
    with pytest.raises(NotFound):
        draws.frozen_roster(LIVE)
