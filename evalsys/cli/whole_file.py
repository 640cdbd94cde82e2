"""Writing a file whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from evalsys.errors import InvalidInput


@contextmanager
def whole_or_nothing(out: Path, option: str = "--out") -> Iterator[IO[bytes]]:
    """Write to a file beside `out` and rename it: nobody ever finds half a list.

    Nobody but its owner and their group may read it. `option` named it on the command line.

    Raises:
        InvalidInput: `out` cannot be written.
    """
    target = out.resolve()  # what a symbolic link points at is replaced, not the link
    unfinished = None
    try:
        with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as part:
            unfinished = Path(part.name)
            yield part
        unfinished.chmod(0o640)
        unfinished.replace(target)
    except OSError as error:
        raise InvalidInput(
            f"不能写入 {out}：{error.strerror}。", remedy="请换一个可写的位置。", place=option
        ) from error
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
