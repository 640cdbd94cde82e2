"""The folder that a web server hands out by itself: whole files, replaced at once.

A reader finds the old file or the new one, never half of one, and finds it while we are dead.
Beside each text lies its gzip, so that the server compresses nothing for a hundred thousand.
"""

import gzip
from pathlib import Path
from tempfile import NamedTemporaryFile

FOR_EVERYBODY = 0o644
FOLDER_FOR_EVERYBODY = 0o755


class PublicFolder:
    """Writes files below `root`, which is made when it does not exist."""

    def __init__(self, root: Path) -> None:
        """Hand out `root`."""
        self.root = root

    def write(self, name: str, data: bytes) -> None:
        """Replace file `name`, a path below the root, and its gzip.

        Raises:
            OSError: the disk is full, or the folder may not be written.
        """
        target = self.root / name
        self._make(target.parent)
        self._replace(target, data)
        self._replace(target.with_name(f"{target.name}.gz"), gzip.compress(data, 6, mtime=0))

    def _make(self, folder: Path) -> None:
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(FOLDER_FOR_EVERYBODY)

    def _replace(self, target: Path, data: bytes) -> None:
        unfinished = None
        try:
            with NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as part:
                unfinished = Path(part.name)
                part.write(data)
            unfinished.chmod(FOR_EVERYBODY)
            unfinished.replace(target)
            unfinished = None
        finally:
            if unfinished is not None:
                unfinished.unlink(missing_ok=True)
