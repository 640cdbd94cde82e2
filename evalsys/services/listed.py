"""Reading a short list of people out of a table, every fault with its row and column."""

from collections.abc import Iterator
from itertools import chain, islice

from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_headers import TITLE_ROWS, Unrecognised, recognise
from evalsys.domain.roster_problems import ProblemLog
from evalsys.domain.roster_rows import RowReader
from evalsys.domain.roster_sheets import Sheet
from evalsys.services.roster_reading import note_oddities, note_unrecognised
from evalsys.store.roster_files import Table


def listed_rows(
    table: Table, sheet: Sheet, log: ProblemLog
) -> Iterator[tuple[int, dict[str, Parsed]]]:
    """Give line and values by column name of each row of `sheet` without a fault."""
    first = list(islice(table.rows, TITLE_ROWS))
    found = recognise([cells for _, cells in first], (sheet,))
    if isinstance(found, Unrecognised):
        note_unrecognised(table, first, found, log.add)
        return
    note_oddities(table, found, log.add)
    reader = RowReader(found, table.file, table.sheet, log.add)
    names = [column.name for column in reader.columns]
    for line, values in reader.read(chain(first[found.at + 1 :], table.rows)):
        yield line, dict(zip(names, values, strict=True))
