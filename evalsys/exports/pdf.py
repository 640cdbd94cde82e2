"""PDF: values in, bytes out, set by typst from the templates in `templates/pdf/`.

Values are handed over as JSON and placed as strings, so nothing in a name or a comment is
ever read as markup. Only the house's own fonts are used and the day is given, so the same
values give the same bytes on every machine.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache
from hashlib import sha256
from typing import Any

import typst

from evalsys.assets import assets_root
from evalsys.exports.fonts import typefaces

MEDIA_TYPE = "application/pdf"

Value = str | int | bool | None | Sequence["Value"] | Mapping[str, "Value"]
"""What a template can be given."""


def render(template: str, values: Mapping[str, Value], *, dated: date) -> bytes:
    """Set `templates/pdf/TEMPLATE.typ` with `values`; `dated` stands in the file as its day.

    A template finds the values in `json(bytes(sys.inputs.data))`, and `dated` among them as
    [year, month, day]. A character that the fonts do not have is printed as its code point,
    〔U+3402〕: nobody's name gets an empty box.

    Raises:
        typst.TypstError: the template does not fit the values: a fault of ours.
    """
    given = {**_drawable(values), "dated": [dated.year, dated.month, dated.day]}
    folder = assets_root() / "templates" / "pdf"
    compiler = typst.Compiler(
        input=folder / f"{template}.typ",
        root=folder,
        font_paths=typefaces().fonts,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(given, ensure_ascii=False)},
    )
    made_at = datetime.combine(dated, time(), UTC)
    made = compiler.compile(format="pdf", timestamp=made_at)
    if not isinstance(made, bytes):
        message = f"typst gave {type(made).__name__} for {template}"
        raise TypeError(message)
    return made


def _drawable(values: Mapping[str, Value]) -> dict[str, Any]:
    known = typefaces().drawable

    def text(value: str) -> str:
        if known.issuperset(map(ord, value)):
            return value
        return "".join(c if ord(c) in known else f"〔U+{ord(c):04X}〕" for c in value)

    def walk(value: Value) -> Any:  # noqa: ANN401 - the shape of JSON
        match value:
            case str():
                return text(value)
            case Mapping():
                return {key: walk(inner) for key, inner in value.items()}
            case Sequence():
                return [walk(inner) for inner in value]
            case _:
                return value

    return {key: walk(value) for key, value in values.items()}


@cache
def template_mark() -> bytes:
    """Return 32 bytes that change with any template: papers set before look different."""
    whole = sha256()
    for path in sorted((assets_root() / "templates" / "pdf").glob("*.typ")):
        whole.update(path.read_bytes())
    return whole.digest()
