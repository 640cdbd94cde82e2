"""The files of this checkout that we wrote ourselves, as git knows them."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

_NOT_OURS = ("static/vendor/", "static/fonts/", "LICENSE", "requirements")
_WORDS = {".py", ".md", ".html", ".css", ".mjs", ".js", ".toml", ".mako", ".po", ".txt", ".svg", ""}


@cache
def our_files(*suffixes: str, under: str = "") -> tuple[Path, ...]:
    """Text files in git or about to be, below `under`, optionally of some suffixes."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.check_output(command, cwd=ROOT, text=True)  # noqa: S603 - a fixed command
    return tuple(
        ROOT / name
        for name in sorted(listed.split("\0"))
        if name.startswith(under)
        and not name.startswith(_NOT_OURS)
        and Path(name).suffix in (suffixes or _WORDS)
        and (ROOT / name).is_file()
    )


def named(path: Path) -> str:
    """A file's name as a person would say it."""
    return str(path.relative_to(ROOT))
