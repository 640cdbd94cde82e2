"""Bringing in whom programmes served: stage every row, check all, then all of it or nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.programme_sheet import SERVICES
from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_headers import TITLE_ROWS, Unrecognised, recognise
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_rows import Row, RowReader
from evalsys.ids import new_id
from evalsys.services.roster_reading import CHUNK, Source, note_oddities, note_unrecognised
from evalsys.services.roster_staging import Progress
from evalsys.services.tables_report import TablesReport
from evalsys.store import audit
from evalsys.store.database import Database
from evalsys.store.programme_stage import check_staged, merge, settle_units, stage, staging
from evalsys.store.roster_batches import Batch, save_batch
from evalsys.store.roster_files import Table, names_of, open_tables, sha256_of
from evalsys.store.roster_merge import Merged

TITLES = {"programmes": "项目", "services": "项目服务对象"}
"""What each table of the import is called."""


class ProgrammeImport:
    """Imports programmes and the households that they served (Y36-Y38)."""

    def __init__(self, database: Database, now: Clock, today: date) -> None:
        """Import into `database`; nothing can have been served after `today`, in the county."""
        self._database = database
        self._now = now
        self._today = today.isoformat()

    def run(
        self,
        files: Sequence[Path],
        *,
        actor: str,
        dry_run: bool = False,
        progress: Progress = lambda _what, _done, _total: None,
    ) -> TablesReport:
        """Import `files` in one transaction; with an error, or on a dry run, nothing is kept.

        What the files do not mention stays; the same files again change nothing.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
        """
        log = ProblemLog()
        hashes = {name: sha256_of(path, name) for path, name in names_of(files).items()}
        merged: dict[str, Merged] = {}
        with staging(self._database) as connection:
            reading = _Reading(connection, log, progress, self._today)
            for path, name in names_of(files).items():
                for table in open_tables(path, name):
                    with connection.begin():
                        reading.take(table)
            if not reading.sources and not log.errors:
                log.add(_nothing(files))
            progress("检查", 0, 0)
            writer = connection.execution_options(evalsys_immediate=True)
            with Session(writer) as db, db.begin() as transaction:
                held = db.connection()
                settle_units(held)
                sources = {number: source.name for number, source in reading.sources.items()}
                for finding in check_staged(held, sources):
                    log.add(_problem(finding, reading.sources))
                if not log.errors:
                    progress("写入", 0, 0)
                    merged = merge(held)
                if log.errors or dry_run:
                    transaction.rollback()
                else:
                    self._record(db, actor, hashes, merged)
        return TablesReport(
            committed=not (log.errors or dry_run),
            problems=log.kept,
            errors=log.errors,
            warnings=log.warnings,
            rows=reading.rows,
            merged=merged,
        )

    def _record(
        self, db: Session, actor: str, hashes: Mapping[str, str], merged: Mapping[str, Merged]
    ) -> None:
        now = self._now()
        counts = {
            TITLES[table]: {
                "new": result.new,
                "changed": result.changed,
                "unchanged": result.unchanged,
                "closed": 0,
            }
            for table, result in merged.items()
        }
        batch = Batch(new_id(), now, actor, hashes, counts)
        save_batch(db, batch)
        listed = [{"name": name, "sha256": digest} for name, digest in hashes.items()]
        audit.record(db, now, actor, "programme.import", batch.id, {"files": listed})


class _Reading:
    """The rows of all files as they go into the staging table."""

    def __init__(
        self, connection: Connection, log: ProblemLog, progress: Progress, today: str
    ) -> None:
        self.sources: dict[int, Source] = {}
        self.rows = 0
        self._connection = connection
        self._log = log
        self._progress = progress
        self._today = today

    def take(self, table: Table) -> None:
        first = list(islice(table.rows, TITLE_ROWS))
        found = recognise([cells for _, cells in first], (SERVICES,))
        if isinstance(found, Unrecognised):
            note_unrecognised(table, first, found, self._log.add)
            return
        note_oddities(table, found, self._log.add)
        number = len(self.sources) + 1
        source = self.sources[number] = Source(table.file, table.sheet)
        reader = RowReader(found, table.file, table.sheet, self._log.add)
        columns = [column.name for column in reader.columns]
        clean = self._not_ahead(source, columns, reader, chain(first[found.at + 1 :], table.rows))
        while chunk := list(islice(clean, CHUNK)):
            stage(self._connection, columns, ((number, line, *values) for line, values in chunk))
            self.rows += len(chunk)
            self._progress(
                f"读取 {table.file} {SERVICES.title}",
                min(chunk[-1][0], table.height),
                table.height,
            )

    def _not_ahead(
        self, source: Source, columns: list[str], reader: RowReader, rows: Iterator[Row]
    ) -> Iterator[tuple[int, list[Parsed]]]:
        """Pass on the rows whose day has come."""
        at = columns.index("served_on")
        for line, values in reader.read(rows):
            if str(values[at]) <= self._today:
                yield line, values
                continue
            self._log.add(
                ImportProblem(
                    Severity.ERROR,
                    source.file,
                    source.sheet,
                    line,
                    SERVICES.column("served_on").header,
                    str(values[at]),
                    f"办理日期还没有到（今天是{self._today}）",
                    "请核对年份；尚未办理的不要填。",
                )
            )


def _problem(finding: Finding, sources: Mapping[int, Source]) -> ImportProblem:
    number, line = finding.place
    source = sources[number]
    return ImportProblem(
        finding.severity,
        source.file,
        source.sheet,
        line,
        SERVICES.column(finding.column).header,
        finding.value,
        finding.what,
        finding.remedy,
    )


def _nothing(files: Sequence[Path]) -> ImportProblem:
    return ImportProblem(
        Severity.ERROR,
        "、".join(path.name for path in files),
        "",
        0,
        "",
        "",
        f"没有找到“{SERVICES.title}”表",
        "请核对表头，格式见 docs/formats/programmes.md。",
    )
