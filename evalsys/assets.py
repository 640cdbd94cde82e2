"""Where templates and static files lie: in the wheel, or in the checkout beside the package."""

from functools import cache
from hashlib import sha256
from pathlib import Path

_PACKAGE = Path(__file__).parent


def assets_root() -> Path:
    """Return the folder that holds `static/` and `templates/`.

    Raises:
        FileNotFoundError: neither the wheel's copy nor a checkout is there.
    """
    for root in (_PACKAGE / "_assets", _PACKAGE.parent):
        if (root / "templates").is_dir() and (root / "static").is_dir():
            return root
    message = "templates/ and static/ are missing: install the evalsys wheel or run from a checkout"
    raise FileNotFoundError(message)


@cache
def build_mark() -> str:
    """Return eight hex digits that change with any page or script: screens tell which they run."""
    root = assets_root()
    texts = [*(root / "templates").rglob("*.html"), *(root / "static").rglob("*.[mc][js]s")]
    whole = sha256()
    for path in sorted(texts):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:8]
