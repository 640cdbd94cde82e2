"""The roster without its households as it would be after an import: staged rows over kept ones."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from evalsys.domain.roster import YISHUI_LEVELS, GridLevel
from evalsys.domain.roster_checks import KEPT, CadreRow, Frame, GridRow, HeadRow, StaffRow
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.store.grid_preset import taken
from evalsys.store.roster_stage import STAGED, TARGETS


def staged_frame(db: Connection) -> Frame:
    """Read levels, grids, cadres, heads, principals, staff and the roles of the preset."""
    levels = {
        row["depth"]: GridLevel(
            row["depth"],
            row["name"],
            row["head_count"],
            row["head_min_rank"],
            holds_households=row["holds_households"],
            holds_cadres=row["holds_cadres"],
        )
        for row in _merged(db, Kind.LEVELS)
    }
    return Frame(
        levels or {level.depth: level for level in YISHUI_LEVELS},
        {
            row["code"]: GridRow(row["code"], row["depth"], row["parent"] or "", row["place"])
            for row in _merged(db, Kind.GRIDS)
        },
        {
            row["number"]: CadreRow(
                row["number"],
                row["unit"],
                row["rank"],
                row["grid"],
                row["left_on"] is not None,
                row["place"],
            )
            for row in _merged(db, Kind.CADRES)
        },
        [
            HeadRow(row.grid, row.cadre, iso(row.since), iso(row.until), (row.source, row.line))
            for row in db.execute(select(STAGED[Kind.HEADS]))
        ],
        [
            (row.code, row.principal, (row.source, row.line))
            for row in db.execute(select(STAGED[Kind.UNITS]))
            if row.principal
        ],
        [
            StaffRow(
                row.grid,
                row.role,
                row.name,
                iso(row.since),
                iso(row.until),
                (row.source, row.line),
            )
            for row in db.execute(select(STAGED[Kind.STAFF]))
        ],
        {role.name: role for role in taken(db).roles},
    )


def _merged(db: Connection, kind: Kind) -> Iterator[dict[str, Any]]:
    """Give the rows as they would be after the import: what is staged over what is kept."""
    sheet, target = SHEETS[kind], TARGETS[kind]
    (key,) = sheet.key
    blanks = {column.name: column.blank for column in sheet.columns}
    rows: dict[object, dict[str, Any]] = {
        row[key]: {**row, "place": KEPT} for row in db.execute(select(target)).mappings()
    }
    for row in db.execute(select(STAGED[kind])).mappings():
        given = {name: value for name, value in row.items() if value is not None}
        rows[row[key]] = {
            **blanks,
            **rows.get(row[key], {}),
            **given,
            "place": (row["source"], row["line"]),
        }
    yield from rows.values()


def iso(day: date | None) -> str:
    """Write a day as YYYY-MM-DD, none as nothing."""
    return "" if day is None else day.isoformat()
