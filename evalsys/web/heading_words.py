"""Titles and fixed cells of tables that pages and files show, in the visitor's language."""

from flask_babel import gettext as _


def heading(title: str) -> str:
    """Return what a column, a sheet or a fixed cell is called; what has no words stays.

    Several fixed cells in one, with 、 between them, are said one by one.
    """
    parts = title.split("、")
    said = [_(part) if part else part for part in parts]
    return _("、").join(said) if all(a != b for a, b in zip(parts, said, strict=True)) else title
