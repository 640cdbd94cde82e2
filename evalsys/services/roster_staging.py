"""Reading roster files into the staging tables, row by row, with every problem noted."""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from evalsys.domain.phone_number import BadPhone
from evalsys.domain.programme_sheet import SERVICES
from evalsys.domain.roster_cells import Parsed, is_empty
from evalsys.domain.roster_headers import TITLE_ROWS, Recognised, Unrecognised, recognise
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_rows import Row, RowReader
from evalsys.domain.roster_sheets import PHONE_COLUMNS, Kind
from evalsys.store.phone_box import PhoneBox
from evalsys.store.roster_files import Table, names_of, open_tables
from evalsys.store.roster_stage import stage, stage_phones

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many rows of how many (0 of 0 when it cannot be said)."""

CHUNK: Final = 10_000
"""Rows staged at a time; the progress is told as often."""


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet of one file."""

    file: str
    sheet: str

    @property
    def name(self) -> str:
        """File and sheet in one phrase."""
        return f"{self.file} 工作表“{self.sheet}”" if self.sheet else self.file


@dataclass(slots=True)
class StagedFiles:
    """What was read: the sources by number, rows by kind, and which columns came from where."""

    sources: dict[int, Source] = field(default_factory=dict)
    rows: dict[Kind, int] = field(default_factory=dict)
    present: dict[Kind, dict[frozenset[str], list[int]]] = field(default_factory=dict)
    refused: dict[Kind, set[Parsed]] = field(default_factory=dict)
    """Keys of rows that had an error and were not staged."""


class Stager:
    """Reads files into the staging tables of one connection."""

    def __init__(
        self, connection: Connection, box: PhoneBox, log: ProblemLog, progress: Progress
    ) -> None:
        """Stage on `connection`, seal numbers with `box`, note problems in `log`."""
        self._connection = connection
        self._sealer = _Sealer(box)
        self._log = log
        self._progress = progress

    def stage(self, files: Sequence[Path]) -> StagedFiles:
        """Read every table of every file and commit it to the staging tables.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
        """
        staged = StagedFiles()
        for path, name in names_of(files).items():
            for table in open_tables(path, name):
                with self._connection.begin():
                    self._stage_table(table, staged)
        # From here on in the order in which the tables depend on each other.
        staged.present = {kind: staged.present[kind] for kind in Kind if kind in staged.present}
        if not staged.sources and not self._log.errors:
            self._log.add(
                ImportProblem(
                    Severity.ERROR,
                    "、".join(path.name for path in files),
                    "",
                    0,
                    "",
                    "",
                    "没有找到花名册的任何一张表",
                    "请核对表头，格式见 docs/formats/roster.md。",
                )
            )
        return staged

    def _stage_table(self, table: Table, staged: StagedFiles) -> None:
        first = list(islice(table.rows, TITLE_ROWS))
        found = recognise([cells for _, cells in first])
        if isinstance(found, Unrecognised):
            note_unrecognised(table, first, found, self._log)
            return
        note_oddities(table, found, self._log)
        source = len(staged.sources) + 1
        staged.sources[source] = Source(table.file, table.sheet)
        reader = RowReader(found, table.file, table.sheet, self._log.add)
        kind = found.sheet.kind
        what = f"读取 {table.file} {found.sheet.title}"
        count = 0
        clean = reader.read(chain(first[found.at + 1 :], table.rows))
        while chunk := list(islice(clean, CHUNK)):
            self._stage_chunk(kind, source, reader, chunk)
            count += len(chunk)
            self._progress(what, min(chunk[-1][0], table.height), table.height)
        staged.rows[kind] = staged.rows.get(kind, 0) + count
        staged.refused.setdefault(kind, set()).update(reader.refused_keys)
        columns = frozenset(column.name for column in reader.columns)
        staged.present.setdefault(kind, {}).setdefault(columns, []).append(source)

    def _stage_chunk(
        self, kind: Kind, source: int, reader: RowReader, chunk: list[tuple[int, list[Parsed]]]
    ) -> None:
        columns = [column.name for column in reader.columns if column.name not in PHONE_COLUMNS]
        width = len(columns)
        if width == len(reader.columns):
            rows = ((source, line, *values) for line, values in chunk)
            stage(self._connection, kind, columns, rows)
            return
        rows = ((source, line, *values[:width]) for line, values in chunk)
        stage(self._connection, kind, columns, rows)
        stage_phones(self._connection, kind, self._sealer.rows(chunk, width))


class _Sealer:
    """Seals the numbers of owners into rows as `roster_stage.stage_phones` takes them."""

    def __init__(self, box: PhoneBox) -> None:
        self._box = box
        # Row identities: unique by their random half, in sequence by the other, which
        # keeps the index of the table growing at its end.
        self._prefix = secrets.token_bytes(8)
        self._count = 0

    def rows(
        self, chunk: Iterable[tuple[int, list[Parsed]]], width: int
    ) -> Iterable[tuple[object, ...]]:
        """Give the rows of all numbers in a chunk; phones begin at column `width`."""
        owners: list[Parsed] = []
        positions: list[int] = []
        numbers: list[str | BadPhone] = []
        for _, values in chunk:
            for position, number in enumerate(_numbers(values[width:]), start=1):
                owners.append(values[0])
                positions.append(position)
                numbers.append(number)
        usable = [type(number) is str for number in numbers]
        texts = [number if isinstance(number, str) else number.text for number in numbers]
        first, self._count = self._count, self._count + len(numbers)
        rows = [self._prefix + i.to_bytes(8, "big") for i in range(first, self._count)]
        sealed, blind = self._box.seal_all(texts, rows), map(self._box.blind, texts)
        return zip(owners, positions, usable, rows, sealed, blind, strict=True)


def _numbers(cells: Sequence[Parsed]) -> Collection[str | BadPhone]:
    """Give the numbers in some cells, each once, in order."""
    given = [number for cell in cells if isinstance(cell, tuple) for number in cell]
    return given if len(given) == 1 else dict.fromkeys(given)


def note_unrecognised(
    table: Table,
    first: Sequence[Row],
    found: Unrecognised,
    log: ProblemLog,
    page: str = "docs/formats/roster.md",
) -> None:
    """Say why a table cannot be read: empty, of another kind, or with columns missing.

    `page` is where the columns are explained.
    """
    severity, row = Severity.ERROR, found.at + 1
    if all(is_empty(cell) for _, cells in first for cell in cells):
        severity, row, what, remedy = Severity.WARNING, 0, "空表，已跳过", ""
    elif found.repeated:
        what = f"表头列重复：{'、'.join(found.repeated)}"
        remedy = "请删去或更名多余的列。"
    elif isinstance(recognise([cells for _, cells in first], (SERVICES,)), Recognised):
        severity, row = Severity.WARNING, 0
        what, remedy = f"是“{SERVICES.title}”表，未导入", "请用 evalsys import programme 导入。"
    elif found.nearest is not None:
        what = f"像是“{found.nearest.title}”表，但缺少列：{'、'.join(found.missing)}"
        remedy = f"请补上这些列，列名见 {page}。"
    else:
        severity, row, what = Severity.WARNING, 0, "认不出是什么表，未导入"
        remedy = f"若应导入，请核对表头，列名见 {page}。"
    log.add(ImportProblem(severity, table.file, table.sheet, row, "", "", what, remedy))


def note_oddities(table: Table, found: Recognised, log: ProblemLog) -> None:
    """Say which columns are left out, and refuse merged cells."""
    header = found.at + 1
    for column in found.unknown:
        log.add(
            ImportProblem(
                Severity.WARNING,
                table.file,
                table.sheet,
                header,
                column,
                "",
                "不认识的列，未导入",
                "若应导入，请更正列名。",
            )
        )
    for first, last in table.merged:
        if last > header:
            log.add(
                ImportProblem(
                    Severity.ERROR,
                    table.file,
                    table.sheet,
                    first,
                    "",
                    "",
                    f"第{first}至{last}行有合并单元格",
                    "请取消合并，并在每一行填写完整。",
                )
            )
