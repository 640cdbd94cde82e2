"""`.lrmx`, the file of the appointment form 干部任免审批表: UTF-8 XML, read and completed.

A form that was read is completed in place: only the content of the fields that change is
replaced, every other byte stays as it was, with byte-order mark, line ends, unknown elements
and their order. DTDs, entities and external references are refused before anything is read.
"""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element, ParseError
from xml.parsers import expat
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from evalsys.domain.appointment_form import FAMILY, MEMBER, NAME, AppointmentForm, FormField
from evalsys.errors import InvalidInput

LIMIT = 4 * 2**20
"""Bytes of a form with its photograph; more is no form."""
ROOT = "Person"
BOM = b"\xef\xbb\xbf"

_TAG = re.compile(rb"<[^\s/>]+(?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*\s*(/?)>")
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_EXAMPLE = "请用任免审批表编辑器打开并另存，或核对导出它的系统。"


@cache
def form_fields() -> tuple[FormField, ...]:
    """Return the fields of the form in their order, with their codes where standards have any."""
    items = {
        row["含义(见于公开源码界面标签/赋值)"]: row["指标项"] for row in _rows("hzb_fields_seen")
    }
    sets = {
        code: f"{row['代码集']} {row['名称']}"
        for row in _rows("code_sets_hzb")
        for code in re.findall(r"A\d{4}[A-Z]?", row["指标项"] or "")
    }
    fields = []
    for row in _rows("lrmx_fields"):
        if row["序"].isdigit():
            name = row["含义"].partition("(")[0]
            code = items.get(name, "")
            fields.append(FormField(row["元素"], name, code, sets.get(code, "")))
    return tuple(fields)


@cache
def member_fields() -> tuple[FormField, ...]:
    """Return the fields of a family member in their order."""
    (row,) = (row for row in _rows("lrmx_fields") if row["序"] == MEMBER)
    names = (name.partition("(")[0] for name in row["含义"].split("/"))
    return tuple(map(FormField, row["元素"].split("/"), names))


def read_form(content: bytes, place: str) -> AppointmentForm:
    """Read a form; `place` names its file in errors.

    Raises:
        InvalidInput: it is no such form, is malformed (with its line), or holds a DTD or entity.
    """
    root = _root(content, place)
    known = {field.element for field in form_fields()}
    values: dict[str, str] = {}
    family: tuple[Mapping[str, str], ...] = ()
    for part in root:
        if part.tag in values or (part.tag == FAMILY and family):
            raise InvalidInput(
                f"元素 {part.tag} 出现了两次。", remedy="请删去多余的一个。", place=place
            )
        if part.tag == FAMILY:
            family = tuple(_leaves(member, place) for member in part)
        elif len(part) and part.tag in known:
            raise InvalidInput(f"元素 {part.tag} 里不应有下级元素。", remedy=_EXAMPLE, place=place)
        else:
            # What this version does not know may have parts of its own; they stay as they are.
            values[part.tag] = "".join(part.itertext()) if len(part) else part.text or ""
    if not values.get(NAME, "").strip():
        raise InvalidInput(f"没有姓名（{NAME}）。", remedy=_EXAMPLE, place=place)
    return AppointmentForm(values, family, content)


def complete_form(form: AppointmentForm, changes: Mapping[str, str]) -> bytes:
    """Return the form's file with the text of some fields replaced and all else as it was.

    A field that the file lacks is put where its order asks for it.

    Raises:
        InvalidInput: a text holds a character that XML cannot carry.
    """
    content = form.original
    for element, text in changes.items():
        if form.values.get(element) == text:
            continue
        content = _replaced(content, element, _encoded(text, content))
    return content


def new_form(values: Mapping[str, str], *, version: str = "3.2.1.16") -> bytes:
    """Write a form from scratch: every element in its order, empty where nothing is known."""
    lines = ["<?xml version='1.0' encoding='utf-8'?>", f"<{ROOT}>"]
    for field in form_fields():
        text = version if field.element == "Version" else values.get(field.element, "")
        lines.append(f"  <{field.element}>{_checked(text)}</{field.element}>")
    lines.append(f"</{ROOT}>")
    return BOM + "\r\n".join(lines).encode()


def _root(content: bytes, place: str) -> Element:
    if len(content) > LIMIT:
        raise InvalidInput(
            f"文件有 {len(content):,} 字节，超过 {LIMIT:,}。", remedy=_EXAMPLE, place=place
        )
    declared = _ENCODING.search(content[:200])
    if declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        raise InvalidInput(
            f"文件的编码是 {declared[1].decode()}，应为 UTF-8。",
            remedy="请另存为 UTF-8。",
            place=place,
        )
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInput(
            f"不是 UTF-8 的 XML：第 {line} 行起读不出，可能是 GBK。",
            remedy="请另存为 UTF-8。",
            place=f"{place}:{line}",
        ) from error
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except ParseError as error:
        line, column = error.position
        raise InvalidInput(
            f"不是完好的 XML：第 {line} 行第 {column + 1} 列，{expat.ErrorString(error.code)}。",
            remedy=_EXAMPLE,
            place=f"{place}:{line}",
        ) from error
    except DefusedXmlException as error:
        raise InvalidInput(
            "文件里有 DTD、实体或外部引用，审批表不会有，已拒绝。",
            remedy="请勿使用来历不明的文件。",
            place=place,
        ) from error
    except (ValueError, LookupError) as error:
        raise InvalidInput(
            "文件不是 UTF-8 的 XML。", remedy="请另存为 UTF-8。", place=place
        ) from error
    if root.tag != ROOT:
        raise InvalidInput(
            f"根元素是 {root.tag}，应为 {ROOT}。", remedy="请选择 .lrmx 审批表文件。", place=place
        )
    return root


def _leaves(member: Element, place: str) -> Mapping[str, str]:
    if member.tag != MEMBER or any(len(part) for part in member):
        raise InvalidInput(
            f"{FAMILY} 里应只有 {MEMBER}，其中不再分级。", remedy=_EXAMPLE, place=place
        )
    return {part.tag: part.text or "" for part in member}


def _replaced(content: bytes, element: str, text: bytes) -> bytes:
    spans = _spans(content)
    tag = element.encode()
    if element in spans:
        start, end = spans[element]
        opening = _TAG.match(content, start)
        if opening is None:  # the parser took it as a tag, so it is one
            message = f"no tag at byte {start}"
            raise ValueError(message)
        if opening[1]:
            whole = b"<%b>%b</%b>" % (tag, text, tag)
            return content[:start] + whole + content[opening.end() :]
        return content[: opening.end()] + text + content[end:]
    return _inserted(content, element, b"<%b>%b</%b>" % (tag, text, tag), spans)


def _inserted(
    content: bytes, element: str, whole: bytes, spans: Mapping[str, tuple[int, int]]
) -> bytes:
    """Put a field that the file lacks behind the last one that stands before it in the order."""
    order = [field.element for field in form_fields()]
    closings = [spans[name][1] for name in order[: order.index(element)] if name in spans]
    after = content.index(b">", closings[-1] if closings else content.index(b"<Person")) + 1
    return content[:after] + _line_end(content) + b"  " + whole + content[after:]


def _spans(content: bytes) -> dict[str, tuple[int, int]]:
    """Give where each field's opening tag begins and its closing tag begins, in bytes.

    Only for content that `_root` has let through: there is no entity in it.
    """
    parser = expat.ParserCreate()
    spans: dict[str, tuple[int, int]] = {}
    open_at: list[int] = []

    def opened(_: str, __: Mapping[str, str]) -> None:
        open_at.append(parser.CurrentByteIndex)

    def closed(tag: str) -> None:
        start = open_at.pop()
        if len(open_at) == 1:
            spans[tag] = (start, parser.CurrentByteIndex)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.Parse(content, True)  # noqa: FBT003 - expat's own signature: this is all
    return spans


def _encoded(text: str, content: bytes) -> bytes:
    checked = _checked(text).replace("\r\n", "\n")
    return checked.replace("\n", _line_end(content).decode()).encode()


def _checked(text: str) -> str:
    bad = _NO_XML.search(text)
    if bad:
        raise InvalidInput(
            f"文字里有不能写入文件的字符 U+{ord(bad[0]):04X}。", remedy="请删去该字符。"
        )
    return escape(text)


def _line_end(content: bytes) -> bytes:
    return b"\r\n" if b"\r\n" in content else b"\n"


def _rows(name: str) -> Sequence[Mapping[str, str]]:
    """Read a table of the package; three columns, the last may be written without quotes."""
    text = (files("evalsys.rulebooks") / "forms" / f"{name}.csv").read_text("utf-8-sig")
    # The row of the family members stands without its number.
    text = re.sub(r"^Item,", f"{MEMBER},", text, flags=re.MULTILINE)
    return list(csv.DictReader(io.StringIO(text)))
