"""Versions of the taxonomy: brought in whole or not at all, read by day, handed out as files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from pathlib import Path

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.taxonomy import (
    NAME_LIMIT,
    TAXONOMY,
    Catalogue,
    Entry,
    Taxonomy,
    TaxonomyVersion,
    Urgency,
    check_since,
    faults_in,
)
from evalsys.domain.written import one_line
from evalsys.errors import InvalidInput
from evalsys.services.listed import listed_rows
from evalsys.store import audit
from evalsys.store import taxonomy as store
from evalsys.store.database import Database
from evalsys.store.roster_files import Table, open_tables
from evalsys.store.rulebooks import shipped_casework
from evalsys.store.taxonomy import NewVersion

MOST_ENTRIES = 20_000
SHIPPED = {Catalogue.CLASSES: "taxonomy-example", Catalogue.ELEMENTS: "elements-64922"}
"""The examples that come with the software: fictitious names, the real numbers (L06, J06)."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What is to become of a table: which catalogue, called what, from which day on, by whom."""

    catalogue: Catalogue
    name: str
    since: date
    by: str
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class TaxonomyReport:
    """What an import did, would do, or why it did nothing."""

    problems: tuple[ImportProblem, ...]
    errors: int
    warnings: int
    counts: tuple[int, ...] = ()
    """Entries by level, from the top; empty with errors."""
    sha256: str = ""
    version: int | None = None
    """Number of the version that was kept; None on a dry run or with errors."""
    is_known: bool = False
    """Whether the version in force already has just these entries; then nothing is kept."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A version with its tree."""

    version: TaxonomyVersion
    taxonomy: Taxonomy


class Taxonomies:
    """Every version of the taxonomy of requests, and of the element catalogue."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo) -> None:
        """Keep versions in `database`; days are those of `zone`."""
        self._database = database
        self._zone = zone
        self.now = now

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def take(self, file: Path, filename: str, intake: Intake) -> TaxonomyReport:
        """Read a taxonomy from an xlsx or csv file and keep it as the version from a day on.

        Raises:
            InvalidInput: the file cannot be read at all, no name, or a first day that does not lie
                behind those of the other versions.
        """
        return self._take(open_tables(file, filename), intake)

    def take_shipped(self, intake: Intake) -> TaxonomyReport:
        """Keep the example that comes with the software as the version from a day on.

        Raises:
            InvalidInput: the first day does not lie behind those of the other versions.
        """
        return self._take((_shipped(intake.catalogue),), replace(intake, name="示例"))

    def versions(self, catalogue: Catalogue) -> tuple[TaxonomyVersion, ...]:
        """Return every version, the one with the latest first day first."""
        with self._database.read() as db:
            return store.versions(db, catalogue)

    def in_force(self, catalogue: Catalogue, day: date) -> Standing | None:
        """Return the version of a day with its tree, nothing before the first."""
        with self._database.read() as db:
            found = store.in_force(db, catalogue, day)
            return Standing(found, store.taxonomy(db, found)) if found else None

    def version(self, number: int) -> Standing:
        """Return one version with its tree.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.read() as db:
            found = store.version(db, number)
            return Standing(found, store.taxonomy(db, found))

    def shipped(self, catalogue: Catalogue) -> Taxonomy:
        """Return the example that comes with the software."""
        return _read((_shipped(catalogue),), catalogue, ProblemLog())

    def _take(self, tables: Iterable[Table], intake: Intake) -> TaxonomyReport:
        title = one_line(intake.name, "名称", longest=NAME_LIMIT)
        if not title:
            raise InvalidInput("请给版本写一个名称。", remedy="例如 2026版。", place="名称")
        log, since, by = ProblemLog(), intake.since, intake.by
        found = _read(tables, intake.catalogue, log)
        if log.errors:
            return TaxonomyReport(log.kept, log.errors, log.warnings)
        with self._database.write() as db:
            number = None
            before = store.in_force(db, intake.catalogue, since)
            is_known = before is not None and before.sha256 == found.sha256
            if not is_known:
                check_since(since, store.versions(db, intake.catalogue))
            if not is_known and not intake.dry_run:
                at = self.now()
                number = store.add(db, NewVersion(found, title, since, by, at))
                detail = {"name": title, "sha256": found.sha256, "since": since.isoformat()}
                audit.record(db, at, by, "taxonomy.import", f"taxonomy:{number}", detail)
        return TaxonomyReport(
            log.kept, 0, log.warnings, found.counts, found.sha256, number, is_known
        )


def _shipped(catalogue: Catalogue) -> Table:
    rows = shipped_casework(SHIPPED[catalogue])
    return Table(SHIPPED[catalogue], "", len(rows), iter(enumerate(rows, start=1)), ())


def _read(tables: Iterable[Table], catalogue: Catalogue, log: ProblemLog) -> Taxonomy:
    entries: list[Entry] = []
    places: list[tuple[Table, int]] = []
    for table in tables:
        for line, values in listed_rows(table, TAXONOMY, log):
            admitted, urgency = values.get("admitted"), values.get("urgency")
            entries.append(
                Entry(
                    str(values["code"]),
                    str(values["name"]),
                    str(values.get("parent") or ""),
                    admitted if isinstance(admitted, bool) else None,
                    str(values.get("reason") or ""),
                    Urgency(urgency) if isinstance(urgency, str) and urgency else None,
                )
            )
            places.append((table, line))
    if not entries and not log.errors:
        log.add(_whole("没有找到“分类体系”表", "请核对表头，见 docs/formats/taxonomy.md。"))
    if len(entries) > MOST_ENTRIES:
        log.add(_whole(f"共 {len(entries)} 条", f"最多 {MOST_ENTRIES} 条，请核对是不是分类体系。"))
        return Taxonomy((), catalogue)
    for fault in faults_in(entries, catalogue):
        table, line = places[fault.at]
        column = TAXONOMY.column(fault.column)
        value = getattr(entries[fault.at], fault.column)
        log.add(
            ImportProblem(
                Severity.ERROR,
                table.file,
                table.sheet,
                line,
                column.header,
                "" if value is None else str(value),
                fault.what,
                fault.remedy,
            )
        )
    return Taxonomy(tuple(entries), catalogue)


def _whole(what: str, remedy: str) -> ImportProblem:
    return ImportProblem(Severity.ERROR, "", "", 0, "", "", what, remedy)
