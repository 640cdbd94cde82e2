"""Titles and fixed cells of tables that pages and files show, in the visitor's language."""

from flask_babel import gettext as _

_OWN = "（本级）"
"""After the name of a grid, for what hangs on it itself and on no grid below."""


def heading(title: str) -> str:
    """Return what a column, a sheet or a fixed cell is called; what has no words stays.

    Several fixed cells in one, with 、 between them, are said one by one.
    """
    if title.endswith(_OWN):
        return title.removesuffix(_OWN) + _("（本级）")
    parts = title.split("、")
    said = [_(part) if part else part for part in parts]
    return _("、").join(said) if all(a != b for a, b in zip(parts, said, strict=True)) else title
