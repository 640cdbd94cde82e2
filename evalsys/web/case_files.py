"""A small file that came with a form."""

from flask import request

from evalsys.services.papers import Uploaded


def uploaded(field: str) -> Uploaded | None:
    """Read the file of a form's field, None when none was chosen."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    return Uploaded(file.filename, file.read())
