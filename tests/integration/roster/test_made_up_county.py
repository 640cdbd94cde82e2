"""A made-up county comes in whole, covers everybody, and comes again without a change."""

from datetime import date
from pathlib import Path

import pytest

from evalsys.county.generate import Wanted, generate
from evalsys.domain.roster_sheets import Kind
from evalsys.store.database import Database
from evalsys.store.roster import cadres_to_freeze
from tests.roster_papers import BOX, bring_in


@pytest.mark.parametrize(
    ("cadres", "households", "seed"), [(1, 1, 1), (13, 150, 2), (40, 1200, 3), (300, 2500, 4)]
)
def test_a_county_of_any_size_comes_in_and_again_without_a_change(
    database: Database, tmp_path: Path, cadres: int, households: int, seed: int
) -> None:
    made, files = generate(
        Wanted(cadres, households, seed, date(2026, 11, 1)),
        tmp_path,
        csv=True,
        xlsx=True,
        progress=lambda _done, _total: None,
    )
    report = bring_in(database, files[:-1])
    assert report.committed, report.problems
    assert report.merged[Kind.CADRES].new == cadres
    assert report.merged[Kind.HOUSEHOLDS].new == households
    assert report.coverage is not None
    assert report.coverage.is_complete
    again = bring_in(database, files[-1:])
    assert again.committed
    assert all(merged.new == merged.changed == 0 for merged in again.merged.values())
    with database.read() as db:
        dialled = {
            phone for one in cadres_to_freeze(db, BOX) for _, phone in one.households if phone
        }
    assert len(dialled) == households - report.coverage.undialable
    assert len(dialled) <= made.dialable_numbers
