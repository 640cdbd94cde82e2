"""A folder of papers, one file each, that can be stopped at any moment and continued."""

import csv
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from evalsys.cli.whole_file import whole_or_nothing
from evalsys.errors import InvalidInput

INDEX = "index.csv"
TITLES = ("编号", "文件", "标记")


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper of the folder: whose, in which file, and the mark of what it shows."""

    number: str
    file: str
    mark: str


class PaperFolder:
    """Papers that are there with the mark they should have are not set again.

    `index.csv` grows by a line with each paper, so it tells after any stop which are done; a
    paper appears whole or not at all.
    """

    def __init__(self, folder: Path) -> None:
        """Open or make the folder and read which papers are done.

        Raises:
            InvalidInput: it cannot be written.
        """
        self._folder = folder
        self._index = folder / INDEX
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for left in (*folder.glob(".*.pdf.*"), *folder.glob(f".{INDEX}.*")):
                left.unlink(missing_ok=True)  # of a run that was killed
            self._done = {entry.number: entry for entry in self._read()}
        except OSError as error:
            raise _unwritable(folder, error) from error

    def put(self, number: str, mark: str, make: Callable[[], bytes]) -> bool:
        """Write one paper unless it is there already; say whether it had to be made.

        Raises:
            InvalidInput: the folder cannot be written.
        """
        entry = Entry(number, f"{number}.pdf", mark)
        target = self._folder / entry.file
        if self._done.get(number) == entry and target.exists():
            return False
        paper = make()
        with whole_or_nothing(target) as part:
            part.write(paper)
        self._note(entry)
        return True

    def finish(self, numbers: list[str]) -> None:
        """Put the index in order, for exactly these papers; others in the folder are left alone."""
        with whole_or_nothing(self._index) as part:
            lines = [TITLES, *((n, self._done[n].file, self._done[n].mark) for n in numbers)]
            text = "".join(",".join(line) + "\r\n" for line in lines)
            part.write(b"\xef\xbb\xbf" + text.encode())

    def _note(self, entry: Entry) -> None:
        self._done[entry.number] = entry
        try:
            with self._index.open("a", encoding="utf-8", newline="") as index:
                if index.tell() == 0:
                    index.write("\ufeff" + ",".join(TITLES) + "\r\n")
                index.write(f"{entry.number},{entry.file},{entry.mark}\r\n")
        except OSError as error:
            raise _unwritable(self._folder, error) from error

    def _read(self) -> Iterator[Entry]:
        with suppress(FileNotFoundError):
            text = self._index.read_text(encoding="utf-8-sig")
            whole = text[: text.rfind("\n") + 1]  # a line that was cut by a kill is not taken
            for row in csv.reader(whole.splitlines()[1:]):
                if len(row) == len(TITLES):
                    yield Entry(*row)


def _unwritable(folder: Path, error: OSError) -> InvalidInput:
    return InvalidInput(
        f"不能写入 {folder}：{os.strerror(error.errno or 0)}。",
        remedy="请换一个可写的文件夹。",
        place="--out",
    )
