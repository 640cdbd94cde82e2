"""Reads what a PDF shows, page by page, by the fonts' own tables: no library of ours wrote it."""

import io
import re

from pyhanko.pdf_utils.generic import DictionaryObject, StreamObject
from pyhanko.pdf_utils.reader import PdfFileReader

_PLAIN = rb"\\.|[^\\()]"
_NESTED = rb"\((?:" + _PLAIN + rb"|\((?:" + _PLAIN + rb")*\))*\)"
_SHOWN = re.compile(
    rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]*)>|\(((?:" + _PLAIN + rb"|" + _NESTED + rb")*)\)", re.DOTALL
)
_LANGUAGE = re.compile(rb"/Lang\([^)]*\)")
_BFCHAR = re.compile(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages_of(document: bytes) -> list[str]:
    """Return the text of each page in drawing order, without spaces between runs."""
    reader = PdfFileReader(io.BytesIO(document))
    count = int(reader.root["/Pages"]["/Count"])
    return [_page(reader, i) for i in range(count)]


def text_of(document: bytes) -> str:
    return "\n".join(pages_of(document))


def fonts_of(document: bytes) -> set[str]:
    """Return the names of the fonts that the pages use, without the tag of the subset."""
    reader = PdfFileReader(io.BytesIO(document))
    names = set()
    for i in range(int(reader.root["/Pages"]["/Count"])):
        for font in _fonts(reader, i).values():
            names.add(str(font["/BaseFont"]).partition("+")[2])
    return names


def _fonts(reader: PdfFileReader, index: int) -> dict[str, DictionaryObject]:
    page = reader.find_page_for_modification(index)[0].get_object()
    assert isinstance(page, DictionaryObject)
    fonts = page["/Resources"].get("/Font", {})
    return {name.removeprefix("/"): fonts[name] for name in fonts}


def _page(reader: PdfFileReader, index: int) -> str:
    page = reader.find_page_for_modification(index)[0].get_object()
    assert isinstance(page, DictionaryObject)
    contents = page["/Contents"]
    assert isinstance(contents, StreamObject)
    maps = {name: _to_unicode(font) for name, font in _fonts(reader, index).items()}
    current: dict[int, str] = {}
    shown = []
    for match in _SHOWN.finditer(_LANGUAGE.sub(b"", contents.data)):
        name, in_hex, literal = match.groups()
        if name is not None:
            current = maps.get(name.decode(), {})
            continue
        codes = bytes.fromhex(in_hex.decode()) if in_hex is not None else _unescaped(literal)
        for a, b in zip(codes[::2], codes[1::2], strict=False):
            shown.append(current.get(a << 8 | b, "�"))
    return "".join(shown)


def _unescaped(literal: bytes) -> bytes:
    def one(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8)]) if what.isdigit() else _LETTERS.get(what, what)

    return _ESCAPED.sub(one, literal)


def _to_unicode(font: DictionaryObject) -> dict[int, str]:
    table = font["/ToUnicode"]
    assert isinstance(table, StreamObject)
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be")
        for code, text in _BFCHAR.findall(table.data)
    }
