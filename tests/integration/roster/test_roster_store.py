"""What the other rooms read of the roster: cards, households to freeze, claims; and the phones."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from evalsys.domain.responsibility_map import VISITED_WITHIN, Figures
from evalsys.domain.roster import CadreCard
from evalsys.domain.roster_coverage import Gap
from evalsys.domain.roster_sheets import Kind
from evalsys.errors import Tampered
from evalsys.ids import CadreNumber, GridCode
from evalsys.store.database import Database
from evalsys.store.demo_year import busy_units
from evalsys.store.responsibility_map import read_grid
from evalsys.store.roster import cadre_cards, cadres_to_freeze, claims_of
from evalsys.store.roster_coverage import Concerned, concerned, coverage
from evalsys.store.schema import roster as tables
from tests.roster_papers import BOX, Tables, bring_in_papers, papers

TODAY = date(2026, 6, 1)
FIRST, SECOND = CadreNumber("00000001"), CadreNumber("00000002")


@pytest.fixture
def county(database: Database, tmp_path: Path) -> Database:
    assert bring_in_papers(database, tmp_path, papers()).committed
    return database


def _frozen(database: Database) -> dict[str, dict[str, str]]:
    with database.read() as db:
        return {cadre.number: dict(cadre.households) for cadre in cadres_to_freeze(db, BOX)}


def test_only_numbers_that_reach_one_household_are_dialled(county: Database) -> None:
    assert _frozen(county) == {
        "00000001": {
            "37130001": "+8615400000001",
            "37130002": "+8615400000002",
            "37130003": "",  # misspelt
        },
        "00000002": {"37130004": "", "37130005": ""},  # missing; shared with 37130006
        "00000003": {"37130006": "", "37130007": ""},  # shared; a cadre's own
    }


def test_a_second_number_serves_when_the_first_cannot(database: Database, tmp_path: Path) -> None:
    changed = papers()
    changed[Kind.HOUSEHOLDS][3][5] = "0539-2250003"
    changed[Kind.HOUSEHOLDS][5][5] = "15400000055"
    bring_in_papers(database, tmp_path, changed)
    frozen = _frozen(database)
    assert frozen["00000001"]["37130003"] == "+865392250003"
    assert frozen["00000002"]["37130005"] == "+8615400000055"


def test_cadres_come_sorted_with_township_rank_and_unit(county: Database) -> None:
    with county.read() as db:
        found = [
            (one.number, one.township, one.rank, one.unit) for one in cadres_to_freeze(db, BOX)
        ]
    assert found == [
        ("00000001", "T1", "正科级", "U1"),
        ("00000002", "T1", "一级科员", "U1"),
        ("00000003", "T1", "管理九级", "U2"),
    ]


def test_a_cadre_who_left_is_not_frozen_and_one_without_households_is(
    database: Database, tmp_path: Path
) -> None:
    changed: Tables = papers()
    changed[Kind.CADRES][0].append("离任日期")
    for row in changed[Kind.CADRES][1:]:
        row.append("2026-06-01" if row[0] == "00000001" else None)
    changed[Kind.LINKS] = [row for row in changed[Kind.LINKS] if row[1] != "00000002"]
    changed[Kind.HEADS] = changed[Kind.HEADS][:1]
    changed[Kind.UNITS][1][2] = None
    bring_in_papers(database, tmp_path, changed)
    assert _frozen(database) == {"00000002": {}, "00000003": {"37130006": "", "37130007": ""}}


def test_cards_show_name_unit_post_and_rank(county: Database) -> None:
    with county.read() as db:
        cards = cadre_cards(db, [FIRST, CadreNumber("99999999")])
    assert cards == {FIRST: CadreCard(FIRST, "王建国", "县水利局", "局长", "正科级")}


def test_claims_are_visits_and_solved_requests_only(county: Database) -> None:
    with county.read() as db:
        claims = claims_of(db, FIRST)
        assert list(claims_of(db, SECOND)) == ["37130004"]
    assert list(claims) == ["37130001"]  # 37130002's request is not marked solved
    claim = claims[next(iter(claims))]
    assert claim.visits == (date(2026, 3, 1), date(2026, 5, 1))
    assert [(one.text, one.solved_on) for one in claim.solved] == [("硬化道路", date(2026, 4, 1))]


def test_coverage_counts_every_oddity_of_the_telephones(county: Database) -> None:
    with county.read() as db:
        found = coverage(db)
        assert found.gaps == {gap: len(concerned(db, gap, 10)) for gap in Gap}
    assert found.gaps == {
        Gap.NO_CADRE: 0,
        Gap.TWO_CADRES: 0,
        Gap.NO_HOUSEHOLD: 0,
        Gap.PHONE_MISSING: 1,
        Gap.PHONE_INVALID: 1,
        Gap.PHONE_SHARED: 2,
        Gap.PHONE_OF_CADRE: 1,
        Gap.PHONE_OF_OFFICE: 0,
        Gap.PROTECTED: 0,
    }
    assert found.undialable == 5
    assert (found.cadres, found.households, found.links) == (3, 7, 7)
    assert found.is_complete
    assert found.grids[3] == ("村级网格", 2)


def test_a_number_of_an_office_and_a_protected_household_are_not_frozen_to_be_dialled(
    database: Database, tmp_path: Path
) -> None:
    tables = papers()
    tables[Kind.UNITS][0].append("办公电话")
    tables[Kind.UNITS][1].append("0539-2251234")
    tables[Kind.UNITS][2].append("15400000012、0539-2250000")
    tables[Kind.HOUSEHOLDS][0].append("保护措施")
    for row in tables[Kind.HOUSEHOLDS][1:]:
        row.append({"37130001": "不参加直播", "37130002": "不上直播"}.get(str(row[0])))
    tables[Kind.HOUSEHOLDS][2][4:6] = ["0539 2251234", "15400000012"]
    assert bring_in_papers(database, tmp_path, tables).committed
    assert _frozen(database)["00000001"] == {"37130001": "", "37130002": "", "37130003": ""}
    with database.read() as db:
        gaps = coverage(db).gaps
    assert (gaps[Gap.PHONE_OF_OFFICE], gaps[Gap.PROTECTED]) == (1, 1)
    # Handed in again without telephones, the offices keep theirs; with fewer, they lose the others.
    bring_in_papers(database, tmp_path, {Kind.UNITS: papers()[Kind.UNITS]})
    assert _frozen(database)["00000001"]["37130002"] == ""
    tables[Kind.UNITS][2][3] = None
    bring_in_papers(database, tmp_path, {Kind.UNITS: tables[Kind.UNITS]})
    assert _frozen(database)["00000001"]["37130002"] == "+8615400000012"


def test_whom_a_gap_concerns_is_listed_page_by_page(county: Database) -> None:
    with county.read() as db:
        first = concerned(db, Gap.PHONE_SHARED, 1)
        second = concerned(db, Gap.PHONE_SHARED, 1, after=first[0].code)
        none = concerned(db, Gap.NO_HOUSEHOLD, 10)
    assert first == (Concerned("37130005", "东泉村"),)
    assert second == (Concerned("37130006", "东泉村"),)
    assert none == ()


@pytest.mark.on_sqlite  # whose files we may read
def test_no_number_lies_open_in_the_database(county: Database, tmp_path: Path) -> None:
    county.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("evalsys.db*"))
    for typed in (b"15400000001", b"15400000102", b"1540000"):
        assert typed not in stored


def test_a_ciphertext_put_into_another_row_is_noticed_at_the_freeze(county: Database) -> None:
    with county.write() as db:
        one, other = db.scalars(
            select(tables.Phone)
            .where(tables.Phone.household.in_(["37130001", "37130002"]))
            .where(tables.Phone.position == 1)
        )
        db.execute(
            update(tables.Phone).where(tables.Phone.id == one.id).values(sealed=other.sealed)
        )
    with pytest.raises(Tampered):
        _frozen(county)


def test_changed_numbers_replace_the_old_and_the_others_stay(
    county: Database, tmp_path: Path
) -> None:
    header, *rows = papers()[Kind.HOUSEHOLDS]
    rows[1][4:6] = ["15400000012", None]
    rows[3][4] = "15400000004"
    bring_in_papers(county, tmp_path, {Kind.HOUSEHOLDS: [header, *rows]})
    frozen = _frozen(county)
    assert frozen["00000001"]["37130002"] == "+8615400000012"
    assert frozen["00000002"]["37130004"] == "+8615400000004"
    with county.read() as db:
        assert db.scalar(select(func.count(tables.Phone.household))) == 7


def test_the_map_shows_who_answers_for_each_cell_and_how_it_stands(county: Database) -> None:
    with county.read() as db:
        grid = read_grid(db, TODAY, TODAY - VISITED_WITHIN)
    village = grid.standing(GridCode("V1"))
    assert [(head.name, head.unit, head.post) for head in village.cell.heads] == [
        ("王建国", "县水利局", "局长")
    ]
    assert [(each.code, each.persons[0].name) for each in village.below] == [
        ("G1", "王建国"),
        ("G2", "李红"),
    ]
    assert village.figures.households == 5
    whole = grid.standing(grid.top())
    # Two visits of one household are one household visited; March is too long ago.
    assert whole.figures == Figures(cadres=3, households=7, visited=1, requests=2, solved=1)


def test_a_head_whose_term_is_over_is_not_on_the_map(county: Database) -> None:
    with county.write() as db:
        db.execute(update(tables.GridHead).values(until=TODAY))
    with county.read() as db:
        assert read_grid(db, TODAY, TODAY).standing(GridCode("V1")).cell.heads == ()


def test_the_demo_asks_about_a_unit_of_some_size_or_the_smallest(county: Database) -> None:
    with county.read() as db:
        assert busy_units(db, 5, 2) == [("U1", "县水利局"), ("U2", "县教育局")]
        assert busy_units(db, 1, 1) == [("U2", "县教育局")]
