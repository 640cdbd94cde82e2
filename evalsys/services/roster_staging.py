"""Bringing the rows of roster files into the staging tables, with every problem noted."""

from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.services.roster_reading import Part, Source, read_files
from evalsys.store.ahead import ahead
from evalsys.store.phone_box import PhoneBox
from evalsys.store.roster_stage import stage, stage_phones

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


class Stager:
    """Reads files into the staging tables of one connection."""

    def __init__(
        self, connection: Connection, box: PhoneBox, log: ProblemLog, progress: Progress
    ) -> None:
        """Stage on `connection`, seal numbers with `box`, note problems in `log`."""
        self._connection = connection
        self._box = box
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

    def _read(self, files: Sequence[Path]) -> Generator[Part | ImportProblem, None, None]:
        if sum(path.stat().st_size for path in files) < WORTH_A_PROCESS:
            return read_files(files, self._box)
        return ahead(read_files, files, self._box)

    def _take(self, part: Part | ImportProblem, staged: StagedFiles) -> None:
        if isinstance(part, ImportProblem):
            self._log.add(part)
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
        stage(self._connection, kind, part.columns, part.rows)
        if part.phones:
            stage_phones(self._connection, kind, part.phones)
        what = f"读取 {part.source.file} {SHEETS[kind].title}"
        self._progress(what, part.reached, part.height)
