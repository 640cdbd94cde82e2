"""Files that a form brings along: laid down for as long as they are read, then gone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import request
from flask_babel import gettext as _

from evalsys.errors import InvalidInput


@contextmanager
def uploaded(key: str) -> Iterator[tuple[Path, str]]:
    """Lay an uploaded file down for as long as it is read; its name is only for messages."""
    file = request.files.get(key)
    if file is None or not file.filename:
        raise InvalidInput(_("没有选择文件。"), remedy=_("请先选择文件再提交。"), place=key)
    name = file.filename.replace("\\", "/").rpartition("/")[2][-80:]
    with TemporaryDirectory(prefix="evalsys-") as folder:
        path = Path(folder) / f"upload{Path(name).suffix[:8]}"
        file.save(path)
        yield path, name
