"""What a reader of values does not see in a workbook: formulas and their failures, cell by cell.

A formula's last result may be stale, or was never calculated and reads as 0; a failed one
reads as empty. Where a rule or a fact hangs on the cell, neither may pass unseen.
"""

import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import IO, Final

from defusedxml import ElementTree

from evalsys.errors import InvalidInput

_CHUNK: Final = 1 << 20
_LONGEST: Final = 512
_FORMULA = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]*?\br="([A-Z]{1,3}[0-9]{1,7})")'
    rb'(?:[^<>]*?\bt="e"|[^<>]*>\s*<(?:\w+:)?f[\s/>])'
)
_SIGNS = (b"<f", b":f", b't="e"')
"""One of them stands in every stretch of a sheet that holds a formula or an error."""
_DAMAGED = (ElementTree.ParseError, KeyError, ValueError)
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def calculated_cells(path: Path, name: str, sheets: Collection[str] = ()) -> Iterator[str]:
    """Name every cell that holds a formula or an error, as 规则!H7; of all sheets without names.

    `path` passed the guard; `name` is what messages call it.

    Raises:
        InvalidInput: the workbook does not say which part holds which sheet.
    """
    with zipfile.ZipFile(path) as archive:
        try:
            parts = list(_parts(archive))
        except _DAMAGED as error:
            raise InvalidInput(
                "工作簿的目录已损坏。",
                remedy="请在表格软件中另存为 .xlsx 后重试。",
                place=name,
            ) from error
        for title, part in parts:
            sheet = title.strip()
            if sheets and sheet not in sheets:
                continue
            with archive.open(part) as content:
                for cell in _calculated(content):
                    yield f"{sheet}!{cell}"


def sheet_parts(path: Path) -> dict[str, str]:
    """Give the part of the archive that holds each worksheet; nothing where it is not said."""
    with zipfile.ZipFile(path) as archive:
        try:
            return dict(_parts(archive))
        except _DAMAGED:
            return {}


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give the name of each worksheet and the part of the archive that holds it."""
    names = set(archive.namelist())
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.rpartition("}")[2] != "sheet":
            continue
        target = targets.get(one.get(_OFFICE), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names and "worksheets/" in part:
            yield one.get("name", ""), part


def _calculated(content: IO[bytes]) -> Iterator[str]:
    tail, told = b"", ""
    while chunk := content.read(_CHUNK):
        window = tail + chunk
        tail = window[-_LONGEST:]
        if not any(sign in window for sign in _SIGNS):
            continue
        for found in _FORMULA.finditer(window):
            cell = found[1].decode()
            if cell != told:
                yield cell
            told = cell
