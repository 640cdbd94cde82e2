"""Small files of a case: one that came with a form, one that is handed back."""

import io

from flask import Response, request, send_file

from evalsys.services.papers import Uploaded


def uploaded(field: str) -> Uploaded | None:
    """Read the file of a form's field, None when none was chosen."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    return Uploaded(file.filename, file.read())


def handed_back(name: str, content: bytes) -> Response:
    """Send a file as bytes to be saved: no browser opens what somebody handed in."""
    return send_file(
        io.BytesIO(content),
        mimetype="application/octet-stream",
        as_attachment=True,
        download_name=name,
        max_age=0,
    )
