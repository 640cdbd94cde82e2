"""Bringing a roster in: stage every file, check everything, then all of it or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_coverage import Coverage
from evalsys.domain.roster_problems import ImportProblem, ProblemLog
from evalsys.domain.roster_sheets import SHEETS, Kind
from evalsys.ids import new_id
from evalsys.services.campaign_numbers import reopen_cases
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_ledger import CaseworkLedger
from evalsys.services.roster_reading import Source
from evalsys.services.roster_staging import Progress, StagedFiles, Stager
from evalsys.store import audit
from evalsys.store.assessment import save_inputs
from evalsys.store.campaign_lists import follow_roster
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.phone_keys import check_keys
from evalsys.store.posts import keep_changed, posts
from evalsys.store.roster_batches import Batch, save_batch
from evalsys.store.roster_checks import check_staged
from evalsys.store.roster_coverage import coverage
from evalsys.store.roster_files import names_of, sha256_of
from evalsys.store.roster_keep import leave_alone
from evalsys.store.roster_merge import Merged, merge
from evalsys.store.roster_references import Unknown
from evalsys.store.roster_stage import finish_staging, staged_assessments, staging


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did, or would do, or why it did nothing."""

    committed: bool
    problems: tuple[ImportProblem, ...]
    errors: int
    warnings: int
    rows: Mapping[Kind, int]
    """Rows read without an error, by kind of sheet."""
    merged: Mapping[Kind, Merged]
    """Empty when there were errors."""
    coverage: Coverage | None
    """The county after the import; None when there were errors."""
    left_alone: int
    """Rows that say otherwise than what was decided here: each is a warning with the reason."""


class RosterImport:
    """Imports rosters (Y01-Y12, Y22)."""

    def __init__(self, database: Database, box: PhoneBox, now: Clock, zone: ZoneInfo) -> None:
        """Import into `database`, sealing telephone numbers with `box`; days are of `zone`."""
        self._database = database
        self._box = box
        self._now = now
        self._zone = zone
        self._ledger = CaseworkLedger(CaseworkDesk(database, shipped_policy(), now, zone))

    def run(
        self,
        files: Sequence[Path],
        *,
        actor: str,
        dry_run: bool = False,
        progress: Progress = lambda _what, _done, _total: None,
    ) -> ImportReport:
        """Import `files` in one transaction; with an error, or on a dry run, nothing is kept.

        Files may come in any order and be any part of a roster: what they do not mention
        stays. Importing the same files again changes nothing.

        Raises:
            InvalidInput: a file cannot be opened or read at all, or the keys are not those under
                which the roster's numbers lie.
        """
        log = ProblemLog()
        hashes = {name: sha256_of(path, name) for path, name in names_of(files).items()}
        with self._database.read() as db:
            check_keys(db, self._box)
        with staging(self._database) as connection:
            staged = Stager(connection, self._box, log, progress).stage(files)
            progress("检查", 0, 0)
            finish_staging(connection, staged.present)
            # Begun as a writer: nothing may change between checking and merging.
            writer = connection.execution_options(evalsys_immediate=True)
            with Session(writer) as db, db.begin() as transaction:
                left_alone = self._leave_alone(db, staged, log)
                merged, after = self._check_and_merge(db, staged, log, progress)
                if log.errors or dry_run:
                    transaction.rollback()
                else:
                    self._record(db, actor, hashes, merged)
        return ImportReport(
            committed=not (log.errors or dry_run),
            problems=log.kept,
            errors=log.errors,
            warnings=log.warnings,
            rows=staged.rows,
            merged=merged,
            coverage=after,
            left_alone=left_alone,
        )

    @staticmethod
    def _leave_alone(db: Session, staged: StagedFiles, log: ProblemLog) -> int:
        found = list(leave_alone(db.connection(), staged.present))
        for finding in found:
            log.add(_problem(finding, staged.sources))
        return len(found)

    def _check_and_merge(
        self, db: Session, staged: StagedFiles, log: ProblemLog, progress: Progress
    ) -> tuple[Mapping[Kind, Merged], Coverage | None]:
        connection = db.connection()
        named = {number: source.name for number, source in staged.sources.items()}
        today = local_date(self._now(), self._zone)
        unknown = Unknown(staged.refused, staged.unread)
        for finding in check_staged(connection, named, unknown, today):
            log.add(_problem(finding, staged.sources))
        if log.errors:
            return {}, None
        progress("写入", 0, 0)
        before = posts(db)
        merged = merge(connection, staged.present)
        keep_changed(db, before, on=today)
        if Kind.ASSESSMENT in staged.present:
            saved = save_inputs(db, staged_assessments(connection), on=today)
            merged[Kind.ASSESSMENT] = Merged(saved.new, saved.changed, saved.unchanged)
        follow_roster(db)
        if Kind.REQUESTS in staged.present:
            self._ledger.follow_roster(db)
        reopen_cases(db, self._now(), self._zone)
        progress("统计覆盖", 0, 0)
        return merged, coverage(db)

    def _record(
        self, db: Session, actor: str, hashes: Mapping[str, str], merged: Mapping[Kind, Merged]
    ) -> None:
        now = self._now()
        counts = {
            SHEETS[kind].title: {
                "new": result.new,
                "changed": result.changed,
                "unchanged": result.unchanged,
                "closed": result.closed,
            }
            for kind, result in merged.items()
        }
        batch = Batch(new_id(), now, actor, hashes, counts)
        save_batch(db, batch)
        listed = [{"name": name, "sha256": digest} for name, digest in hashes.items()]
        audit.record(db, now, actor, "roster.import", batch.id, {"files": listed})


def _problem(finding: Finding, sources: Mapping[int, Source]) -> ImportProblem:
    number, line = finding.place
    source = sources.get(number)
    sheet = SHEETS[finding.kind]
    header = sheet.column(finding.column).header if finding.column else ""
    return ImportProblem(
        finding.severity,
        source.file if source else "（已有数据）",
        source.sheet if source else sheet.title,
        line,
        header,
        finding.value,
        finding.what,
        finding.remedy,
    )
