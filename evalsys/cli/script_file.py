"""The script that a command is about: a file, or one that comes with the software."""

from pathlib import Path

from evalsys.domain.interview import Script
from evalsys.domain.interview_text import parse_script
from evalsys.errors import InvalidInput
from evalsys.telephony.scripts import shipped_script

LARGEST_SCRIPT_BYTES = 1 << 20


def read_script(script: str) -> Script:
    """Read a script by its file, or by the name of one that comes with the software.

    Raises:
        InvalidInput: the file cannot be read or asked; with line and field.
        NotFound: none that comes with the software is called that.
    """
    path = Path(script)
    if not path.exists() and path.suffix != ".toml":
        return shipped_script(script)
    return parse_script(read_raw(path), path.name)


def read_raw(path: Path) -> bytes:
    """Read the bytes of a script's file.

    Raises:
        InvalidInput: it cannot be read, or is too large to be one.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"读不了脚本：{error.strerror}。", remedy="请核对文件名和权限。", place=str(path)
        ) from error
    if len(raw) > LARGEST_SCRIPT_BYTES:
        raise InvalidInput("脚本过大。", remedy="访谈脚本不会超过 1 MB。", place=str(path))
    return raw
