"""`evalsys lrmx`: look into files of the appointment form 干部任免审批表."""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import click

from evalsys.domain.appointment_form import IDENTITY, PHOTOGRAPH, AppointmentForm, FormField
from evalsys.errors import InvalidInput
from evalsys.exports.lrmx import LIMIT, form_fields, member_fields, read_form

SHOWN_OF_IDENTITY = 4
_INDENT = "\n    "


@click.group()
def command() -> None:
    """干部任免审批表文件（.lrmx） · files of the appointment form."""


@command.command("show")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="写成 JSON · as JSON")
def show(file: Path, *, as_json: bool) -> None:
    """显示审批表的各项 · print the fields of a form.

    身份证号只显示后四位，照片只说明大小 · of the identity number only the last four digits.
    """
    form = form_from(file)
    if as_json:
        shown = {name: _masked(name, value) for name, value in form.values.items()}
        members = [dict(member) for member in form.family]
        click.echo(json.dumps({"values": shown, "family": members}, ensure_ascii=False))
        return
    for line in _lines(form):
        click.echo(line)


def form_from(file: Path) -> AppointmentForm:
    """Read a form's file.

    Raises:
        InvalidInput: it cannot be read, or is no form.
    """
    try:
        with file.open("rb") as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        raise InvalidInput(
            f"读不到文件：{error.strerror}。", remedy="请核对路径。", place=str(file)
        ) from error
    return read_form(content, file.name)


def _lines(form: AppointmentForm) -> Iterator[str]:
    known = {field.element: field for field in form_fields()}
    for element, value in form.values.items():
        yield _line(known.get(element, FormField(element, "（未知项）")), value)
    names = {field.element: field.name for field in member_fields()}
    for number, member in enumerate(form.family, start=1):
        told = "，".join(f"{names.get(e, e)}：{value}" for e, value in member.items() if value)
        yield f"家庭成员 {number}：{told}"


def _line(field: FormField, value: str) -> str:
    standard = " ".join(part for part in (field.code, field.code_set) if part)
    label = f"{field.name} {field.element}" + (f" [{standard}]" if standard else "")
    shown = _masked(field.element, value).replace("\n", _INDENT)
    return f"{label}：{shown}"


def _masked(element: str, value: str) -> str:
    if element == PHOTOGRAPH and value:
        return _photograph(value)
    if element == IDENTITY and len(value) > SHOWN_OF_IDENTITY:
        return "*" * (len(value) - SHOWN_OF_IDENTITY) + value[-SHOWN_OF_IDENTITY:]
    # What turns the reading direction, or is not seen, would show another text than is there.
    return "".join(ch if ch.isprintable() or ch in "\n\t" else f"⟨U+{ord(ch):04X}⟩" for ch in value)


def _photograph(value: str) -> str:
    try:
        b64decode("".join(value.split()), validate=True)
    except ValueError:
        return f"（照片损坏：{len(value):,} 个字符，不是 base64）"
    return f"（照片，{len(value):,} 个字符）"
