"""The least an import can cost, as a process of its own: the bare read and the bare insert.

Households and links only, without a single check, key, index or sealed number.

python -m scripts.benches.import_floor csv|xlsx FOLDER DATABASE
"""

import csv
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from python_calamine import CalamineWorkbook

SHEETS = {"households": "联系户", "links": "联系关系"}


def _csv_rows(folder: Path, name: str) -> Iterator[Sequence[str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _xlsx_rows(folder: Path, name: str) -> Iterator[Sequence[str]]:
    with CalamineWorkbook.from_path(folder / "roster.xlsx") as book:
        for row in book.get_sheet_by_name(SHEETS[name]).iter_rows():
            yield [str(cell) for cell in row]


def _insert(database: sqlite3.Connection, name: str, rows: Iterable[Sequence[str]]) -> None:
    iterator = iter(rows)
    width = len(next(iterator))
    columns = ", ".join(f"c{index}" for index in range(width))
    database.execute(f"CREATE TABLE {name} ({columns})")
    marks = ", ".join("?" * width)
    database.executemany(f"INSERT INTO {name} VALUES ({marks})", iterator)  # noqa: S608 - names of our own


def main(form: str, folder: Path, path: Path) -> None:
    """Copy both tables in one transaction."""
    read = {"csv": _csv_rows, "xlsx": _xlsx_rows}[form]
    with closing(sqlite3.connect(path)) as database, database:
        for name in SHEETS:
            _insert(database, name, read(folder, name))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
