"""Opening roster files: workbooks and CSV as tables of typed cells, told apart by content."""

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import file_digest
from io import BufferedReader
from itertools import count, islice
from pathlib import Path
from stat import S_ISFIFO
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from evalsys.domain.roster_headers import TITLE_ROWS, letter_of
from evalsys.domain.roster_rows import Row
from evalsys.errors import InvalidInput
from evalsys.store.xlsx_cells import sheet_parts
from evalsys.store.xlsx_guard import COUNTY, Limits, Unshown, check_workbook

ZIP_MAGIC: Final = b"PK\x03\x04"
OLE_MAGIC: Final = b"\xd0\xcf\x11\xe0"
_CHUNK = 1 << 20


Area = tuple[tuple[int, int], tuple[int, int]]
"""First and last cell of a part of a sheet, each as row and column from 0."""
_Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet, or one CSV file. Rows are read once, as a stream."""

    file: str
    sheet: str
    """Name of the worksheet; empty for CSV."""
    height: int
    """Number of rows, for the progress bar."""
    rows: Iterator[Row]
    areas: tuple[Area, ...]
    """Each merged area that spans rows or columns."""
    is_hidden: bool = False
    hidden_rows: tuple[tuple[int, int], ...] = ()
    """First and last row (from 1) of each hidden stretch that holds cells."""
    hidden_columns: tuple[tuple[int, int], ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    """Cells (B7) that read as empty, and what stands there: an error, a formula without result."""

    @property
    def unseen(self) -> Iterator[tuple[int, str]]:
        """Name what nobody sees who looks at the sheet: a row (0 for none), and what it is."""
        if self.is_hidden:
            yield 0, "工作表"
        for first, last in self.hidden_columns:
            ends = dict.fromkeys((letter_of(first - 1), letter_of(last - 1)))
            yield 0, f"{'至'.join(ends)}列"
        for first, last in self.hidden_rows:
            yield first, f"第{'至'.join(dict.fromkeys((str(first), str(last))))}行"

    @property
    def merged_at(self) -> Iterator[str]:
        """Name the first cell of each merged area; the others hold nothing that anybody sees."""
        for (top, left), _ in self.areas:
            yield f"{letter_of(left)}{top + 1}"

    @property
    def merged(self) -> tuple[tuple[int, int], ...]:
        """First and last row (from 1) of each merged area."""
        return tuple((top + 1, bottom + 1) for (top, _), (bottom, _) in self.areas)


def names_of(files: Sequence[Path]) -> dict[Path, str]:
    """Name each file as problems will: by its last part, or in full where that is not enough.

    A file that is given twice is one file.
    """
    seen = Counter(path.name for path in dict.fromkeys(files))
    return {path: path.name if seen[path.name] == 1 else str(path) for path in files}


def open_tables(path: Path, name: str, limits: Limits = COUNTY) -> Iterator[Table]:
    """Open the tables of a file one after the other; only one is in memory at a time.

    `name` is what problems call the file, `limits` what a workbook may unpack to.

    Raises:
        InvalidInput: the file is missing, not what its name says, damaged or unreadable.
    """
    with _opened(path, name) as file:
        magic = file.read(8)
    if path.suffix.lower() in {".xlsm", ".xlsb", ".xltm"}:
        raise InvalidInput(
            f"不接收 {path.suffix} 文件。", remedy="请另存为不含宏的 .xlsx。", place=name
        )
    if magic.startswith(OLE_MAGIC):
        raise InvalidInput(
            "是旧格式 .xls 或加密的工作簿。", remedy="请另存为不加密的 .xlsx。", place=name
        )
    if magic.startswith(ZIP_MAGIC):
        return _workbook(path, name, limits)
    if path.suffix.lower() == ".xlsx":
        raise InvalidInput(
            "扩展名是 .xlsx，内容却不是工作簿。",
            remedy="请在表格软件中另存为 .xlsx；如果是 CSV，请把扩展名改为 .csv。",
            place=name,
        )
    return iter((_csv(path, name),))


def pasted_table(text: str, name: str) -> Table:
    """Take text that was copied out of a spreadsheet, or typed as CSV, as a table.

    Raises:
        InvalidInput: a quote is not closed, found when the rows are read.
    """
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    delimiter = _delimiter_of(lines[:TITLE_ROWS])
    return Table(name, "", len(lines), _records(lines, name, delimiter), ())


def sha256_of(path: Path, name: str) -> str:
    """Hash a file for the record of the import, lower-case hex.

    Raises:
        InvalidInput: the file cannot be opened.
    """
    with _opened(path, name) as file:
        return file_digest(file, "sha256").hexdigest()


def _opened(path: Path, name: str) -> BufferedReader:
    try:
        # A pipe can be read once, and whoever opens one that nobody fills waits for ever.
        if S_ISFIFO(path.stat().st_mode):
            raise InvalidInput("这不是文件。", remedy="请先存成文件。", place=name)
        return path.open("rb")
    except OSError as error:
        raise InvalidInput(
            f"文件打不开（{error.strerror}）。", remedy="请核对路径。", place=name
        ) from error


def _workbook(path: Path, name: str, limits: Limits) -> Iterator[Table]:
    hidden = check_workbook(path, name, limits)
    has_oddities = any(one.rows or one.columns or one.failed for one in hidden.values())
    parts = sheet_parts(path) if has_oddities else {}
    try:
        with CalamineWorkbook.from_path(path) as book:
            for meta in book.sheets_metadata:
                if meta.typ is not SheetTypeEnum.WorkSheet:
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                beside = hidden.get(parts.get(meta.name, ""), Unshown())
                yield Table(
                    name,
                    meta.name,
                    sheet.height,
                    enumerate(sheet.iter_rows(), start=1),
                    tuple(sheet.merged_cell_ranges or ()),
                    meta.visible is not SheetVisibleEnum.Visible,
                    *_unseen(beside, sheet.end),
                    beside.failed,
                )
                del sheet  # before the next one is laid out beside it
    except CalamineError as error:
        raise InvalidInput(
            f"工作簿无法读取：{error}。",
            remedy="请在表格软件中打开，另存为 .xlsx 后重试。",
            place=name,
        ) from error


def _unseen(hidden: Unshown, end: tuple[int, int] | None) -> tuple[_Stretches, _Stretches]:
    """Give the stretches of hidden rows and columns that reach into the filled part of a sheet."""
    bottom, right = (end[0] + 1, end[1] + 1) if end else (0, 0)
    rows: list[tuple[int, int]] = []
    for row in sorted(row for row in hidden.rows if row <= bottom):
        first = rows.pop()[0] if rows and rows[-1][1] == row - 1 else row
        rows.append((first, row))
    columns = [(first, min(last, right)) for first, last in hidden.columns if first <= right]
    return tuple(rows), tuple(sorted(columns))


def _csv(path: Path, name: str) -> Table:
    encoding, lines = _encoding_of(path, name)
    return Table(name, "", lines, _csv_rows(path, name, encoding), ())


def _csv_rows(path: Path, name: str, encoding: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        delimiter = _delimiter_of(islice(file, TITLE_ROWS))
        file.seek(0)
        yield from _records(file, name, delimiter)


def _records(lines: Iterable[str], name: str, delimiter: str) -> Iterator[Row]:
    """Read records, not lines: a spreadsheet shows a record with a line break as one row."""
    numbers = count(1)
    try:
        yield from zip(numbers, csv.reader(lines, delimiter=delimiter, strict=True), strict=False)
    except csv.Error as error:
        is_endless = "field larger" in str(error)
        raise InvalidInput(
            f"一格超过 {csv.field_size_limit():,} 个字。" if is_endless else "引号没有成对。",
            remedy="请检查该行的引号是否成对，或一格里是否粘进了整份文件。",
            place=f"{name} 第{next(numbers) - 1}行",
        ) from error


def _delimiter_of(lines: Iterable[str]) -> str:
    """Tell the delimiter by the first line that has any: a title above the header has none."""
    cut = (max(",\t;", key=line.count) for line in lines if any(one in line for one in ",\t;"))
    return next(cut, ",")


def _encoding_of(path: Path, name: str) -> tuple[str, int]:
    """Tell the encoding (BOM, else strict UTF-8, else GB18030) and the number of lines."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        tried = ["utf-8-sig"]
    elif start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    else:
        tried = ["utf-8", "gb18030"]
    good = 0
    for encoding in tried:
        lines, is_text = _lines_in(path, name, encoding)
        if is_text:
            return encoding, lines
        good = max(good, lines)
    raise _not_text(f"{name} 第{good + 1}行", "不是文本文件，或编码无法识别。")


def _not_text(place: str, what: str) -> InvalidInput:
    return InvalidInput(what, remedy="请另存为 UTF-8 或 GB18030 编码的 CSV。", place=place)


def _lines_in(path: Path, name: str, encoding: str) -> tuple[int, bool]:
    """Count the lines up to the end or to the first bytes that are not text of this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            try:
                text = decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return lines + error.object[: error.start].count(b"\n"), False
            if "\0" in text:
                lines += text[: text.index("\0")].count("\n")
                raise _not_text(f"{name} 第{lines + 1}行", "含有空字符（NUL），不是文本文件。")
            lines += text.count("\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines, False
    return lines, True
