"""Reading the rows of a recognised sheet: clean rows fast, the others cell by cell."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from evalsys.domain.roster_cells import Cell, CellFault, Mended, Parsed, RowLeftOut, is_empty, shown
from evalsys.domain.roster_headers import Recognised, letter_of
from evalsys.domain.roster_problems import ImportProblem, Severity
from evalsys.domain.roster_sheets import PHONE_COLUMNS, Column

Row = tuple[int, Sequence[Cell]]
"""Number of the row as spreadsheets count, and its cells; an empty cell is ""."""


class RowReader:
    """Turns the rows of one sheet of one file into values, reporting what is wrong."""

    def __init__(
        self,
        recognised: Recognised,
        file: str,
        sheet_name: str,
        report: Callable[[ImportProblem], None],
    ) -> None:
        """Read `recognised` sheets; problems go to `report` as they are met."""
        self._unsaid = recognised.sheet.others_too
        self._file = file
        self._sheet_name = sheet_name
        self._report = report
        positions = recognised.positions
        # Numbers are sealed and staged apart, so they come last.
        self.columns: tuple[Column, ...] = tuple(
            sorted(
                (column for column in recognised.sheet.columns if column.name in positions),
                key=lambda column: column.name in PHONE_COLUMNS,
            )
        )
        self._plan = [
            (positions[column.name], column.parse, column.needed, self._blank(column))
            for column in self.columns
        ]
        names = [column.name for column in self.columns]
        self._spans = [
            (names.index(first), names.index(second))
            for first, second in recognised.sheet.spans
            if first in names and second in names
        ]
        self._width = recognised.width
        self.refused_keys: set[Parsed] = set()
        """Readable keys of rows with an error: named elsewhere, they are not unknown."""

    def read(self, rows: Iterable[Row]) -> Iterator[tuple[int, list[Parsed]]]:
        """Give (row number, values in the order of `columns`) of each row without an error."""
        plan, spans = self._plan, self._spans
        for number, cells in rows:
            if len(cells) > self._width and not all(map(is_empty, cells[self._width :])):
                self._note_overflow(number, cells)
                continue
            try:
                values = [
                    parse(cells[at]) if needed or cells[at] != "" else blank
                    for at, parse, needed, blank in plan
                ]
            except (CellFault, Mended, RowLeftOut, IndexError):
                slowly = self._read_slowly(number, cells)
                if slowly is None:
                    continue
                values = slowly
            for first, second in spans:
                if values[second] is not None and _is_less(values[second], values[first]):
                    self._note_disorder(number, first, second, values)
                    break
            else:
                yield number, values

    def _read_slowly(self, number: int, cells: Sequence[Cell]) -> list[Parsed] | None:
        if all(map(is_empty, cells)):
            return None
        cells = [*cells, *[""] * (self._width - len(cells))]
        values: list[Parsed] = []
        faultless = True
        for column, (at, *_) in zip(self.columns, self._plan, strict=True):
            cell = cells[at]
            try:
                values.append(self._value(column, cell))
            except RowLeftOut as left:
                self._note(Severity.WARNING, number, column.header, shown(cell), left)
                return None
            except Mended as mended:
                self._note(Severity.WARNING, number, column.header, shown(cell), mended)
                values.append(mended.value)
            except CellFault as fault:
                self._note(Severity.ERROR, number, column.header, shown(cell), fault)
                faultless = False
        if faultless:
            return values
        self._refuse(cells)
        return None

    def _value(self, column: Column, cell: Cell) -> Parsed:
        if not is_empty(cell):
            return column.parse(cell)
        if column.needed:
            raise CellFault("必填项为空", "请补填；若是合并单元格，请取消合并并逐行填写。")
        return self._blank(column)

    def _blank(self, column: Column) -> Parsed:
        return None if column.name in self._unsaid else column.blank

    def _refuse(self, cells: Sequence[Cell]) -> None:
        at, parse, _, _ = self._plan[0]
        try:
            key = parse(cells[at])
        except Mended as mended:
            key = mended.value
        except CellFault:
            key = shown(cells[at])  # a code that was typed as a number stands elsewhere as it is
        self.refused_keys.add(key)

    def _note_overflow(self, number: int, cells: Sequence[Cell]) -> None:
        """An unquoted comma moves every cell to its right: no cell of the row can be trusted."""
        at, cell = next((at, cell) for at, cell in enumerate(cells) if at >= self._width and cell)
        fault = CellFault(
            "这一格在表头之外，整行可能错位",
            "请核对是否多了逗号，含逗号的内容要加引号；若是备注，请给该列加上表头。",
        )
        self._note(Severity.ERROR, number, letter_of(at), shown(cell), fault)
        self._refuse(cells)

    def _note_disorder(self, number: int, first: int, second: int, values: list[Parsed]) -> None:
        what = f"小于“{self.columns[first].header}”{values[first]}"
        fault = CellFault(what, "请核对这两列。")
        self._note(Severity.ERROR, number, self.columns[second].header, str(values[second]), fault)
        self.refused_keys.add(values[0])

    def _note(
        self,
        severity: Severity,
        number: int,
        header: str,
        value: str,
        why: CellFault | Mended | RowLeftOut,
    ) -> None:
        self._report(
            ImportProblem(
                severity,
                self._file,
                self._sheet_name,
                number,
                header,
                value,
                why.what,
                why.remedy,
            )
        )


def _is_less(one: Parsed, other: Parsed) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return isinstance(one, int) and isinstance(other, int) and one < other
