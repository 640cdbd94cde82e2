"""Word: papers of the house as .docx, and a department's own templates filled in.

A template is somebody's file: it is opened only if it is a plain .docx of bounded size, and what
it calculates runs in a sandbox that reaches nothing but the fields that it is given.
"""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from evalsys.errors import InvalidInput
from evalsys.exports.pdf import Value

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LIMIT = 5 * 2**20
"""Bytes of a template."""
UNPACKED_LIMIT = 40 * 2**20
_FACE = "Microsoft YaHei"
_RED = RGBColor(0x8F, 0x1D, 0x22)
_GREY = RGBColor(0x5B, 0x52, 0x4B)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_OUTSIDE = re.compile(rb"<Relationship\b[^>]*TargetMode=[\"']External[^>]*>")
_REMEDY = "请对照 docs/papers.md 的字段表修改模板。"


def paper_docx(values: Mapping[str, Any], *, dated: date) -> bytes:
    """Write a paper made of blocks, the same values as the PDF template `paper` takes."""
    paper = docx.Document()
    _set_up(paper, dated)
    if values["organ"]:
        _line(paper, values["organ"], size=20, bold=True, colour=_RED, centred=True)
    _line(paper, values["title"], size=18, bold=True, centred=True)
    if values.get("number"):
        _line(paper, values["number"], centred=True)
    for part in values["parts"]:
        _BLOCKS[part["kind"]](paper, part)
    footer = paper.sections[0].footer.paragraphs[0]
    footer.text = _clean(values["footer"])
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def fill_template(template: bytes, fields: Mapping[str, Value], place: str) -> bytes:
    """Fill a department's own template in; `place` names its file in errors.

    Raises:
        InvalidInput: it is no plain .docx, names an unknown field, or wants what is not allowed.
    """
    _check(template, place)
    # What cannot be found is an error with its name, never an empty space in a notice.
    sandbox = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    try:
        paper = DocxTemplate(io.BytesIO(template))
        unknown = sorted(paper.get_undeclared_template_variables(sandbox) - set(fields))
        if unknown:
            raise InvalidInput(
                f"模板里有不认识的字段：{'、'.join(unknown)}。",
                remedy=f"可用的字段：{'、'.join(fields)}。",
                place=place,
            )
        paper.render(dict(fields), sandbox, autoescape=True)
        out = io.BytesIO()
        paper.save(out)
    except SecurityError as error:
        raise InvalidInput(
            "模板要做不允许的事，已拒绝。", remedy="模板里只应有字段、循环和条件。", place=place
        ) from error
    except UndefinedError as error:
        raise InvalidInput(
            f"模板里的字段不存在：{error.message}。", remedy=_REMEDY, place=place
        ) from error
    except TemplateSyntaxError as error:
        raise InvalidInput(
            f"模板写法有误：{error.message}。", remedy=_REMEDY, place=place
        ) from error
    except (TemplateError, TypeError, ArithmeticError) as error:
        raise InvalidInput(f"模板算不出来：{error}。", remedy=_REMEDY, place=place) from error
    return out.getvalue()


def _check(template: bytes, place: str) -> None:
    fault = f"模板超过 {LIMIT // 2**20} MB" if len(template) > LIMIT else _fault_of(template)
    if fault:
        raise InvalidInput(f"{fault}。", remedy="请用 Word 另存为 .docx（不含宏）。", place=place)


def _fault_of(template: bytes) -> str:
    """Say why a file is no plain .docx; empty when it is one."""
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as packed:
            parts = packed.infolist()
            names = {part.filename for part in parts}
            if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                return "模板解开后过大"
            if "word/document.xml" not in names:
                return "不是 .docx 文件"
            texts = {name: packed.read(name) for name in names if name.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError):
        return "不是 .docx 文件"
    faults = {
        "模板含有宏": any("vbaProject" in name for name in names),
        "模板里有 DTD 或实体": any(_DECLARES.search(text) for text in texts.values()),
        "模板引用了外部文件": any(
            b"/hyperlink" not in link for text in texts.values() for link in _OUTSIDE.findall(text)
        ),
    }
    return next((fault for fault, is_so in faults.items() if is_so), "")


def _set_up(paper: Document, dated: date) -> None:
    style = paper.styles["Normal"]
    style.font.name = _FACE
    style.font.size = Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FACE)
    section = paper.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    at = datetime.combine(dated, time(), UTC).replace(tzinfo=None)
    paper.core_properties.created = paper.core_properties.modified = at
    paper.core_properties.author = "evalsys"


def _line(
    paper: Document,
    text: str,
    *,
    size: float = 10.5,
    bold: bool = False,
    colour: RGBColor | None = None,
    centred: bool = False,
) -> Paragraph:
    line = paper.add_paragraph()
    run = line.add_run(_clean(text))
    run.font.size = Pt(size)
    run.bold = bold
    if colour is not None:
        run.font.color.rgb = colour
    if centred:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return line


def _clean(text: str) -> str:
    """Word files are XML, which has no place for control characters."""
    return "".join(c if c >= " " or c in "\n\t" else " " for c in text)


def _paragraph(paper: Document, part: Mapping[str, Any]) -> None:
    _line(paper, part["text"]).paragraph_format.first_line_indent = Pt(21)


def _quote(paper: Document, part: Mapping[str, Any]) -> None:
    if part["text"]:
        _line(paper, part["text"]).paragraph_format.left_indent = Pt(21)
    _line(paper, part["source"], size=8.5, colour=_GREY).paragraph_format.left_indent = Pt(21)


def _signatures(paper: Document, part: Mapping[str, Any]) -> None:
    for name in part["names"]:
        _line(
            paper, f"{name}：________________　　年　　月　　日"
        ).paragraph_format.space_before = Pt(18)


def _closing(paper: Document, part: Mapping[str, Any]) -> None:
    for text in (part["organ"], part["day"]):
        _line(paper, text).alignment = WD_ALIGN_PARAGRAPH.RIGHT


_BLOCKS: Mapping[str, Callable[[Document, Mapping[str, Any]], object]] = {
    "salutation": lambda paper, part: _line(paper, f"{part['text']}：", bold=True),
    "paragraph": _paragraph,
    "heading": lambda paper, part: _line(paper, part["text"], size=12, bold=True, colour=_RED),
    "quote": _quote,
    "note": lambda paper, part: _line(paper, part["text"], size=9, colour=_GREY),
    "signatures": _signatures,
    "closing": _closing,
}
