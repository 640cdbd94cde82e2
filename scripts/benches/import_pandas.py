"""The import as most would write it, as a process of its own: pandas, ORM objects, one commit.

python -m scripts.benches.import_pandas --rows=N FOLDER DATABASE
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
from sqlalchemy import create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column


class _Base(DeclarativeBase):
    """Root of the two tables; no checks, no foreign keys, numbers lie open."""


class _Household(_Base):
    __tablename__ = "households"
    code: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[str]
    grid: Mapped[str]
    members: Mapped[str]
    phone: Mapped[str]
    more: Mapped[str]


class _Link(_Base):
    __tablename__ = "links"
    household: Mapped[str] = mapped_column(primary_key=True)
    cadre: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[str]


def main(rows: int, folder: Path, database: Path) -> None:
    """Import the first `rows` households, and as many links."""
    engine = create_engine(f"sqlite:///{database}")
    _Base.metadata.create_all(engine)
    with Session(engine) as db, db.begin():
        for code, head, grid, members, phone, more, *_ in _rows(folder / "households.csv", rows):
            db.add(
                _Household(code=code, head=head, grid=grid, members=members, phone=phone, more=more)
            )
        for household, cadre, since, *_ in _rows(folder / "links.csv", rows):
            db.add(_Link(household=household, cadre=cadre, since=since))
    engine.dispose()


def _rows(path: Path, most: int) -> Iterator[tuple[str, ...]]:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", nrows=most)
    rows: Iterator[tuple[str, ...]] = frame.itertuples(index=False, name=None)
    return rows


if __name__ == "__main__":
    main(int(sys.argv[1].removeprefix("--rows=")), Path(sys.argv[2]), Path(sys.argv[3]))
