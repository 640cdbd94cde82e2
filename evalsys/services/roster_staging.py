"""Bringing the rows of roster files into the staging tables, with every problem noted."""

import secrets
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.services.roster_reading import Read, Source, Unread, read_files
from evalsys.store.ahead import ahead
from evalsys.store.phone_box import PhoneBox
from evalsys.store.roster_stage import index_staged, stage, stage_phones

Progress = Callable[[str, int, int], None]
"""Told what is being done, and how many rows of how many (0 of 0 when it cannot be said)."""

WORTH_A_PROCESS: Final = 2 << 20
"""Bytes of files from which on another process reads, while this one inserts."""


@dataclass(slots=True)
class StagedFiles:
    """What was read: the sources by number, rows by kind, and which columns came from where."""

    sources: dict[int, Source] = field(default_factory=dict)
    rows: dict[Kind, int] = field(default_factory=dict)
    present: dict[Kind, dict[frozenset[str], list[int]]] = field(default_factory=dict)
    refused: dict[Kind, set[Parsed]] = field(default_factory=dict)
    """Keys of rows that had an error and were not staged."""
    unread: set[Kind] = field(default_factory=set)
    """Kinds of which a sheet was refused for its header."""


class Stager:
    """Reads files into the staging tables of one connection."""

    def __init__(
        self, connection: Connection, box: PhoneBox, log: ProblemLog, progress: Progress
    ) -> None:
        """Stage on `connection`, seal numbers with `box`, note problems in `log`."""
        self._connection = connection
        self._seal = _Sealer(box)
        self._filling: Kind | None = None
        self._log = log
        self._progress = progress

    def stage(self, files: Sequence[Path]) -> StagedFiles:
        """Read every table of every file and commit it to the staging tables.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
        """
        staged = StagedFiles()
        with closing(self._read(files)) as parts, self._connection.begin():
            for part in parts:
                self._take(part, staged)
            self._turn_to(None)
        # From here on in the order in which the tables depend on each other.
        staged.present = {kind: staged.present[kind] for kind in Kind if kind in staged.present}
        if not staged.sources and not self._log.errors:
            self._log.add(
                ImportProblem(
                    Severity.ERROR,
                    "、".join(path.name for path in files),
                    "",
                    0,
                    "",
                    "",
                    "没有找到花名册的任何一张表",
                    "请核对表头，格式见 docs/formats/roster.md。",
                )
            )
        return staged

    @staticmethod
    def _read(files: Sequence[Path]) -> Generator[Read, None, None]:
        if sum(path.stat().st_size for path in files) < WORTH_A_PROCESS:
            return read_files(files)
        return ahead(read_files, files)

    def _take(self, part: Read, staged: StagedFiles) -> None:
        if isinstance(part, ImportProblem):
            self._log.add(part)
            return
        if isinstance(part, Unread):
            staged.unread.add(part.kind)
            return
        for problem in part.problems:
            self._log.add(problem)
        kind = part.kind
        if part.number not in staged.sources:
            staged.sources[part.number] = part.source
            brought = frozenset(part.brought)
            staged.present.setdefault(kind, {}).setdefault(brought, []).append(part.number)
        staged.rows[kind] = staged.rows.get(kind, 0) + len(part.rows)
        staged.refused.setdefault(kind, set()).update(part.refused)
        if not part.rows:
            return
        self._turn_to(kind)
        stage(self._connection, kind, part.columns, part.rows)
        if part.phones:
            stage_phones(self._connection, kind, self._seal.rows(part.phones))
        what = f"读取 {part.source.file} {SHEETS[kind].title}"
        self._progress(what, part.reached, part.height)

    def _turn_to(self, kind: Kind | None) -> None:
        """Index the sheets of one kind as soon as those of another begin: reading goes on."""
        if self._filling is not None and self._filling is not kind:
            index_staged(self._connection, self._filling)
        self._filling = kind


class _Sealer:
    """Seals telephone numbers into rows as they are staged."""

    def __init__(self, box: PhoneBox) -> None:
        self._box = box
        # Row identities: unique by their random half, in sequence by the other, which
        # keeps the index of the table growing at its end.
        self._prefix = secrets.token_bytes(8)
        self._count = 0

    def rows(self, phones: Sequence[tuple[Parsed, int, bool, str]]) -> list[tuple[object, ...]]:
        """Give (owner, position, usable, id, sealed, blind) of each number."""
        first, self._count = self._count, self._count + len(phones)
        rows = [self._prefix + i.to_bytes(8, "big") for i in range(first, self._count)]
        owners, positions, usable, texts = zip(*phones, strict=True)
        secret = (rows, self._box.seal_all(texts, rows), map(self._box.blind, texts))
        quick = (map(bytearray, each) for each in secret)  # see `bulk_insert`
        return list(zip(owners, positions, usable, *quick, strict=True))
