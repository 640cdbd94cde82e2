"""Looking at a workbook from outside before a parser opens it.

A small file can unpack to gigabytes, and one stray cell at XFD1048576 makes a reader lay out
seventeen thousand million cells. Both are refused by counting, in constant memory.
"""

import re
import zipfile
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import IO, Final

from evalsys.errors import InvalidInput
from evalsys.store.xlsx_extent import Extent


@dataclass(frozen=True, slots=True)
class Limits:
    """What a workbook may come to."""

    unzipped_bytes: int
    """Sum over all parts."""
    area: int
    """Rows times columns that a sheet may span."""
    remedy: str
    """What to do when it unpacks to more."""


COUNTY: Final = Limits(
    unzipped_bytes=512 * 2**20,
    area=16_000_000,
    remedy="请按乡镇拆成几个文件，或改用 CSV。",
)
"""A whole county of 337,000 households unpacks to about 250 MB and spans two million cells."""

MAX_PARTS: Final = 2000

MAX_FAILED: Final = 10_000
"""Cells with a failed formula that are kept of a sheet: one is enough to refuse it."""

_CHUNK = 1 << 20
_LONGEST_CELL = 1 << 14
"""Bytes that are looked at again with the next chunk: a formula has up to 8,192 characters."""
_HIDING = b'hidden="'
# A row without cells ends its tag with a slash, and hides nothing.
_HIDDEN_ROW = re.compile(
    rb'<(?:\w+:)?row (?=[^<>]*?\bhidden="(?:1|true)")[^<>]*?\br="([0-9]{1,7})"[^<>/]*>'
)
_HIDDEN_COLUMNS = re.compile(rb'<(?:\w+:)?col (?=[^<>]*?\bhidden="(?:1|true)")[^<>]*>')
_FIRST_COLUMN, _LAST_COLUMN = (
    re.compile(rb'\b%s="([0-9]{1,5})"' % name) for name in (b"min", b"max")
)
_CELL = rb'<(?:\w+:)?c\s(?=[^<>]*?\br="([A-Z]{1,3}[0-9]{1,7})")'
_FORMULA = rb"<(?:\w+:)?f(?:\s[^<>]*?)?(?:/>|>([^<>]*)</(?:\w+:)?f>)\s*"
_ERROR = b't="e"'
_FAILED = re.compile(
    _CELL + rb'(?=[^<>]*?\bt="e")[^<>]*>\s*(?:' + _FORMULA + rb")?<(?:\w+:)?v>([^<>]*)<"
)
_CALCULATING = (b"<f", b":f")
# A text of no characters is a result like any other, and says so by its type.
_NEVER_CALCULATED = re.compile(
    _CELL
    + rb'(?![^<>]*?\bt="str")[^<>]*>\s*'
    + _FORMULA
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</|</(?:\w+:)?c>)"
)


@dataclass(slots=True)
class Unshown:
    """What a sheet holds beside the values that its reader gives.

    Hidden rows and columns are counted from 1: nobody sees them who looks at the sheet.
    """

    rows: set[int] = field(default_factory=set)
    columns: set[tuple[int, int]] = field(default_factory=set)
    """First and last of each stretch."""
    failed: dict[str, str] = field(default_factory=dict)
    """What stands in cells that read as empty: by cell (B7) an error, or `=` and a formula that
    was never calculated."""


def check_workbook(path: Path, name: str, limits: Limits = COUNTY) -> dict[str, Unshown]:
    """Refuse what is not a plain .xlsx workbook of bearable size; `name` is for the message.

    Gives what is hidden or failed in each worksheet, by the part of the archive that holds it.

    Raises:
        InvalidInput: damaged, with macros, another kind of file, or too large when unpacked.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _check_parts(archive, name, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError) as error:
        raise InvalidInput(
            "工作簿已损坏或已加密，无法解压。",
            remedy="请在表格软件中打开，另存为不加密的 .xlsx 后重试。",
            place=name,
        ) from error


def _check_parts(archive: zipfile.ZipFile, file: str, limits: Limits) -> dict[str, Unshown]:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise InvalidInput(
            "不是 .xlsx 工作簿。", remedy="请另存为“Excel 工作簿 (.xlsx)”。", place=file
        )
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise InvalidInput(
            "工作簿含有宏，不予接收。", remedy="请另存为不含宏的 .xlsx。", place=file
        )
    left = limits.unzipped_bytes
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > left:
        raise _too_large(file, limits)
    hidden: dict[str, Unshown] = {}
    for part in parts:
        # Reading to the end also proves that the declared size is true.
        with archive.open(part) as content:
            # Any part may be a sheet: the directory of the workbook says which, under any name.
            hidden[part.filename] = Unshown()
            left -= _read_part(content, file, limits, hidden[part.filename])
        if left < 0:
            raise _too_large(file, limits)
    return hidden


def _read_part(content: IO[bytes], file: str, limits: Limits, hidden: Unshown) -> int:
    size, extent, tail = 0, Extent(), b""
    while chunk := content.read(_CHUNK):
        size += len(chunk)
        window = tail + chunk
        extent.see(chunk, window)
        if _HIDING in window:
            _note_hidden(window, hidden)
        if _ERROR in window or any(each in window for each in _CALCULATING):
            _note_failed(window, hidden)
        tail = window[-_LONGEST_CELL:]
        if extent.width * extent.height > limits.area:
            raise InvalidInput(
                f"有内容的单元格散布在 {extent.height} 行 × {extent.width} 列的范围内。",
                remedy="请删除表格右侧和下方远处的多余内容后重试。",
                place=file,
            )
        if extent.entries > limits.area:
            raise _too_large(file, limits)
    return size


def _note_hidden(window: bytes, hidden: Unshown) -> None:
    hidden.rows.update(map(int, _HIDDEN_ROW.findall(window)))
    for tag in _HIDDEN_COLUMNS.findall(window):
        first, last = _FIRST_COLUMN.search(tag), _LAST_COLUMN.search(tag)
        if first and last:
            hidden.columns.add((int(first[1]), int(last[1])))


def _note_failed(window: bytes, hidden: Unshown) -> None:
    for cell, _formula, error in _FAILED.findall(window):
        if len(hidden.failed) < MAX_FAILED:
            hidden.failed[cell.decode()] = _told(error)
    for cell, formula in _NEVER_CALCULATED.findall(window):
        if len(hidden.failed) < MAX_FAILED:
            hidden.failed[cell.decode()] = f"={_told(formula)}"


def _told(text: bytes) -> str:
    return unescape(text.decode(errors="replace"))


def _too_large(file: str, limits: Limits) -> InvalidInput:
    return InvalidInput(
        f"工作簿解压后超过 {limits.unzipped_bytes // 2**20} MB，不予接收。",
        remedy=limits.remedy,
        place=file,
    )
