"""Campaigns keep what the roster says of households: who is not called, when, in which words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from typing_extensions import override

from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.roster_sheets import Kind
from evalsys.ids import HouseholdCode
from evalsys.store.database import Database
from tests.calling import Carrier, on_the_wire
from tests.campaigning import Field, Imported, hand_in, phones
from tests.roster_papers import Tables, papers

FIRST, SECOND, THIRD, FOURTH, *OTHERS = (f"3713000{n}" for n in range(1, 8))
SAID = {
    FIRST: ("不打电话", "", ""),
    SECOND: ("不参加直播", "19:00至20:00", "yishui"),
    THIRD: ("不上直播", "19:00-20:00", ""),
}


class County(Imported):
    """Everybody has a telephone number that serves nobody else."""

    @override
    def tables(self) -> Tables:
        tables = papers()
        for n, row in enumerate(tables[Kind.HOUSEHOLDS][1:], start=1):
            row[4:6] = [f"1540000050{n}", None]
        return tables

    def told(self, folder: Path) -> None:
        """Import what is said of three households."""
        tables = self.tables()
        tables[Kind.HOUSEHOLDS][0] += ["保护措施", "方便接听时段", "方言"]
        for row in tables[Kind.HOUSEHOLDS][1:]:
            row.extend(SAID.get(str(row[0]), (None, None, None)))
        hand_in(self, folder, {Kind.HOUSEHOLDS: tables[Kind.HOUSEHOLDS]})

    def call_all(self) -> None:
        for _ in range(4):  # more than the pace takes at once
            self.tick()
            self.watch.forward(seconds=2)


@pytest.fixture
def field(database: Database, tmp_path: Path, carrier: Carrier) -> Iterator[County]:
    with on_the_wire(carrier.answer) as url:
        built = County(database, tmp_path, telephony_url=url)
        built.room.plans.set_lines(Trunk(100, 0, Fraction(100)), actor="op")
        yield built
        built.close()


def _closed(field: Field, household: str) -> tuple[str, str, str]:
    case = field.member(household)
    return case.state, case.stop, case.code


def test_a_plan_keeps_what_the_roster_says(field: County, carrier: Carrier, tmp_path: Path) -> None:
    field.told(tmp_path)
    field.room.plans.note_wish(HouseholdCode(FOURTH), actor="op", window="19:00-20:00")
    field.plan()
    assert _closed(field, FIRST) == ("closed", "protected", "2.36")
    second = field.member(SECOND)
    assert (second.state, second.wish, second.dialect) == ("waiting", "19:00-20:00", "yishui")
    field.call_all()
    assert phones(field, carrier).keys() == set(OTHERS)
    field.watch.at = datetime(2026, 12, 1, 11, 30, tzinfo=UTC)  # 19:30 in Shanghai
    field.call_all()
    assert {each.household for each in field.attempts()} == {SECOND, THIRD, FOURTH, *OTHERS}


def test_an_import_is_followed_by_a_campaign_that_runs(
    field: County, carrier: Carrier, tmp_path: Path
) -> None:
    field.plan()
    field.room.plans.note_wish(HouseholdCode(THIRD), actor="op", window="20:00-20:30")
    field.told(tmp_path)
    field.call_all()
    assert _closed(field, FIRST) == ("closed", "protected", "2.36")
    second = field.member(SECOND)
    assert (second.state, second.wish, second.dialect) == ("waiting", "19:00-20:00", "yishui")
    assert field.member(THIRD).wish == "20:00-20:30"  # its own word goes first
    assert phones(field, carrier).keys() == {FOURTH, *OTHERS}
