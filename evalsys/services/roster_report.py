"""Gathering the rows that an import found fault with, as they were handed in."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

from evalsys.domain.roster_cells import shown
from evalsys.domain.roster_headers import TITLE_ROWS, Recognised, letter_of, recognise
from evalsys.domain.roster_problems import ImportProblem
from evalsys.domain.roster_sheets import SHEETS, Sheet
from evalsys.exports.roster_report import ProblemRows
from evalsys.store.roster_files import Table, names_of, open_tables


def problem_rows(
    files: Sequence[Path],
    problems: Sequence[ImportProblem],
    sheets: Collection[Sheet] = SHEETS.values(),
) -> Iterator[ProblemRows]:
    """Read the files again and yield, sheet by sheet, the rows that `problems` name.

    Original cells are read a second time rather than kept in memory: most rows of most
    imports are in order, and a report is asked for seldom.
    """
    concerned: defaultdict[tuple[str, str], list[ImportProblem]] = defaultdict(list)
    for problem in problems:
        concerned[problem.file, problem.sheet].append(problem)
    named = {file for file, _ in concerned}
    for path, name in names_of(files).items():
        if name not in named:
            continue
        for table in open_tables(path, name):
            found = concerned.get((table.file, table.sheet))
            if found:
                yield from _rows_of(table, found, sheets)


def _rows_of(
    table: Table, problems: Sequence[ImportProblem], sheets: Collection[Sheet]
) -> Iterator[ProblemRows]:
    first = list(islice(table.rows, TITLE_ROWS))
    recognised = recognise([cells for _, cells in first], sheets)
    if not isinstance(recognised, Recognised):
        return
    header = [shown(cell) for cell in first[recognised.at][1]]
    index_of = {
        column.header: recognised.positions[column.name]
        for column in recognised.sheet.columns
        if column.name in recognised.positions
    }
    wanted = {problem.row for problem in problems} - {0, recognised.at + 1}
    rows = [
        (number, [shown(cell) for cell in cells])
        for number, cells in chain(first, table.rows)
        if number in wanted
    ]
    widest = max((len(cells) for _, cells in rows), default=0)
    index_of |= {letter_of(at): at for at in range(recognised.width, widest)}
    red = frozenset(
        (problem.row, index_of[problem.column])
        for problem in problems
        if problem.column in index_of
    )
    if rows:
        yield ProblemRows(table.file, table.sheet, header, rows, red)
