"""A roster written straight into the tables, of any size: what the importer would have left."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy.orm import Session

from evalsys.store.bulk import bulk_insert
from evalsys.store.phone_box import KEY_VERSION, PhoneBox

TOWNSHIPS = 19


def number_of(i: int) -> str:
    """The number of the `i`-th cadre, from 0."""
    return f"{i + 1:08d}"


def code_of(i: int, h: int) -> str:
    """The code of the `h`-th household of the `i`-th cadre, both from 0."""
    return f"{i + 1:08d}{h + 1:03d}"


def phone_of(i: int, h: int) -> str:
    """Its telephone number, of a range that no carrier assigns."""
    return f"+86100{i:05d}{h:03d}"


def fill_roster(db: Session, box: PhoneBox, sizes: list[int]) -> None:
    """Write one cadre for each size, with so many linked households, over 19 townships.

    The first household of every hundredth cadre has no telephone.
    """
    connection = db.connection()

    def add(table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
        bulk_insert(connection, table, columns.split(), rows)

    townships = [f"T{t:02d}" for t in range(TOWNSHIPS)]
    levels = ((1, "县"), (2, "乡镇"), (5, "干部联系网格"))
    add(
        "grid_levels",
        "depth name head_count head_min_rank holds_households holds_cadres",
        ((depth, name, 1, "", depth == 5, depth == 5) for depth, name in levels),
    )
    add("grids", "code name depth parent grid_class", iter([("C", "county", 1, None, "")]))
    add(
        "grids",
        "code name depth parent grid_class",
        ((code, code, 2, "C", "") for code in townships),
    )
    add("units", "code name", iter([("U1", "县水利局")]))
    add(
        "cadres",
        "number name unit post rank staff_type grid on_probation left_reason",
        (
            (number_of(i), f"cadre {i}", "U1", "", "", "", townships[i % TOWNSHIPS], False, "")
            for i in range(len(sizes))
        ),
    )
    households = [(i, h) for i, size in enumerate(sizes) for h in range(size)]
    add(
        "households",
        "code head grid",
        ((code_of(i, h), "head", townships[i % TOWNSHIPS]) for i, h in households),
    )
    add(
        "household_links",
        "household cadre since reason",
        ((code_of(i, h), number_of(i), date(2013, 3, 1), "") for i, h in households),
    )
    add(
        "phones",
        "id household position usable sealed blind key_version",
        (
            (
                row := f"{i:08d}{h:08d}".encode(),
                code_of(i, h),
                1,
                True,
                box.seal(phone_of(i, h), row),
                box.blind(phone_of(i, h)),
                KEY_VERSION,
            )
            for i, h in households
            if h or i % 100
        ),
    )
