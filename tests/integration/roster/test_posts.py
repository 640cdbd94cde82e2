"""Posts as of an earlier day: nobody is judged by the post that he has since."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import DatabaseError

from evalsys.domain.roster_sheets import Kind
from evalsys.ids import CadreNumber
from evalsys.store.assessment import serving_cadres
from evalsys.store.database import Database
from evalsys.store.roster import note_probation
from evalsys.store.schema import roster as tables
from tests.builders import NOON
from tests.roster_papers import bring_in, bring_in_papers, papers, write_csv


def test_an_earlier_day_knows_the_posts_of_then(database: Database, tmp_path: Path) -> None:
    """Who changes post is not judged by it on the days before; nor is the new principal."""
    assert bring_in_papers(database, tmp_path, papers()).committed
    changed = papers()
    changed[Kind.UNITS][1][2] = "00000002"
    changed[Kind.CADRES][1][2:5] = ["U2", "副局长", "副科级"]
    changed[Kind.GRIDS] += [
        ["T2", "崔家峪镇", 2, "C"],
        ["W2", "一片", 3, "T2"],
        ["V3", "上店村", 4, "W2"],
        ["G4", "四号", 5, "V3"],
    ]
    changed[Kind.CADRES][1][6] = "G4"
    files = write_csv(
        tmp_path, {kind: changed[kind] for kind in (Kind.GRIDS, Kind.UNITS, Kind.CADRES)}
    )
    later = NOON + timedelta(days=9)
    assert bring_in(database, files, now=lambda: later).committed
    again = bring_in(database, files, now=lambda: later + timedelta(days=9))
    assert again.merged[Kind.CADRES].changed == 0
    with database.write() as db:
        note_probation(
            db, CadreNumber("00000001"), since=date(2026, 12, 20), until=None, on=date(2026, 12, 20)
        )

    def told(day: date) -> list[tuple[object, ...]]:
        with database.read() as db:
            return [
                (
                    one.unit_name,
                    one.township,
                    one.post,
                    one.rank,
                    one.is_principal,
                    one.on_probation,
                )
                for one in serving_cadres(db, day)[:2]
            ]

    before = [
        ("县水利局", "马站镇", "局长", "正科级", True, False),
        ("县水利局", "马站镇", "科员", "一级科员", False, False),
    ]
    assert told(date(2026, 11, 30)) == told(date(2026, 12, 9)) == before
    after = [
        ("县教育局", "崔家峪镇", "副局长", "副科级", None, False),
        ("县水利局", "马站镇", "科员", "一级科员", True, False),
    ]
    assert told(date(2026, 12, 10)) == told(date(2026, 12, 19)) == after
    assert told(date(2026, 12, 20))[0][-1] is True
    with pytest.raises(DatabaseError, match="append-only"), database.write() as db:
        db.execute(delete(tables.PastPost))
