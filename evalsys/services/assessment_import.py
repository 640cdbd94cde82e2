"""Bringing in scores and petition statistics: stage, check all, then all of it or nothing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.assessment import Component, Counts
from evalsys.domain.assessment_sheets import ASSESSMENT_SHEETS, PETITIONS, STATUTORY
from evalsys.domain.component_scores import ComponentScore, Subject
from evalsys.domain.cycles import CycleCode, calendar_days, new_cycle
from evalsys.domain.peers import PeerAssignment, UnitKind
from evalsys.domain.roster_headers import TITLE_ROWS, Unrecognised, recognise
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.roster_rows import RowReader
from evalsys.domain.roster_sheets import Kind
from evalsys.domain.rulebook import Rulebook
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, UnitCode, new_id
from evalsys.services.assessment_rows import StagedRow, cycle_problems, named_only, oddities
from evalsys.services.roster_reading import Source, note_oddities, note_unrecognised
from evalsys.services.roster_staging import Progress
from evalsys.services.statutory_import import grade_problems, merge_grades
from evalsys.services.tables_report import TablesReport
from evalsys.store import audit, cycles
from evalsys.store.assessment import people_and_units
from evalsys.store.component_scores import (
    PetitionCount,
    add_petition_counts,
    add_scores,
    petition_counts,
    scores_of,
)
from evalsys.store.database import Database
from evalsys.store.peers import (
    add_peer_assignment,
    add_unit_kinds,
    peer_assignments,
    unit_kinds,
)
from evalsys.store.roster_batches import Batch, save_batch
from evalsys.store.roster_files import Table, names_of, open_tables, sha256_of
from evalsys.store.roster_merge import Merged
from evalsys.store.sealed_files import sealed_files

MAX_ROWS: Final = 300_000
PAGE: Final = "docs/formats/assessment.md"
IMPORTED_AGAIN: Final = "重新导入"
_SUBJECTS: Final = {Kind.CADRE_SCORES: Subject.CADRE, Kind.UNIT_SCORES: Subject.UNIT}


class AssessmentImport:
    """Imports what a year or a quarter is made of, component by component."""

    def __init__(self, database: Database, now: Clock, today: date, book: Rulebook) -> None:
        """Import into `database`; nothing can have been held after `today`, in the county.

        `book` holds the quota of the top statutory grade.
        """
        self._book = book
        self._database = database
        self._now = now
        self._today = today

    def run(
        self,
        files: Sequence[Path],
        *,
        actor: str,
        dry_run: bool = False,
        names: Mapping[Path, str] | None = None,
        progress: Progress = lambda _what, _done, _total: None,
    ) -> TablesReport:
        """Import `files` in one transaction; with an error, or on a dry run, nothing is kept.

        What the files do not mention stays; the same files again change nothing; a new score
        in place of an old one leaves the old one on record. `names` is what problems call the
        files where the paths do not say it. A cycle that is not there yet is opened, with the
        calendar's days.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
        """
        log = ProblemLog()
        named = dict(names or names_of(files))
        hashes = {name: sha256_of(path, name) for path, name in named.items()}
        staged = list(islice(_staged(named, log, progress), MAX_ROWS + 1))
        if len(staged) > MAX_ROWS:
            where = staged[-1].source.file
            raise InvalidInput(f"超过 {MAX_ROWS:,} 行。", remedy="请拆成几次导入。", place=where)
        if not staged and not log.errors:
            log.add(_nothing(named.values()))
        progress("检查", 0, 0)
        merged: dict[str, Merged] = {}
        with self._database.write() as db:
            for problem in chain(self._problems(db, staged), _unsealed(db, staged, hashes)):
                log.add(problem)
            if not log.errors:
                merged = self._merge(db, staged, actor, log)
            if log.errors or dry_run:
                db.rollback()
                merged = {} if log.errors else merged
            else:
                self._record(db, actor, hashes, merged)
        return TablesReport(
            committed=not (log.errors or dry_run),
            problems=log.kept,
            errors=log.errors,
            warnings=log.warnings,
            rows=len(staged),
            merged=merged,
        )

    def _problems(self, db: Session, staged: Sequence[StagedRow]) -> Iterator[ImportProblem]:
        """Find what more than one cell, or the roster, is needed to see."""
        people, units = people_and_units(db)
        known = dict.fromkeys((Kind.CADRE_SCORES, Kind.STATUTORY, Kind.PEERS), people)
        known |= dict.fromkeys((Kind.UNIT_SCORES, Kind.UNIT_KINDS), units)
        shut = cycles.closed(db)
        begun = {cycle.code: cycle.first for cycle in cycles.cycles(db)}
        first: dict[tuple[object, ...], StagedRow] = {}
        for row in staged:
            yield from cycle_problems(row, shut, begun, self._today)
            earlier = first.setdefault(row.key, row)
            if earlier is not row:
                yield row.problem(
                    row.sheet.key[0],
                    f"与{earlier.source.name}第{earlier.line}行重复",
                    "请只保留正确的一行。",
                )
            if row.sheet is PETITIONS:
                continue
            yield from _wrong_name(row, known[row.sheet.kind])
            if row.text("held_on") > self._today.isoformat():
                what = f"这一天还没有到（今天是{self._today.isoformat()}）"
                yield row.problem("held_on", what, "请核对年份。")
        grades = [row for row in staged if row.sheet is STATUTORY]
        yield from grade_problems(db, grades, self._book, self._today)

    def _merge(
        self, db: Session, staged: Sequence[StagedRow], actor: str, log: ProblemLog
    ) -> dict[str, Merged]:
        now = self._now()
        codes = sorted({CycleCode(code) for row in staged if (code := row.text("cycle"))})
        self._open_cycles(db, codes, actor, now)
        merged: dict[str, Merged] = {}
        history = _history(db, codes)
        for kind, subject in _SUBJECTS.items():
            rows = [row for row in staged if row.sheet.kind is kind]
            if rows:
                scores = [_score(row, subject, actor, now) for row in rows]
                for row, score in zip(rows, scores, strict=True):
                    if _was_corrected(score, history.get(score.key, [])):
                        log.add(_corrected(row))
                merged[rows[0].sheet.title] = _merge_scores(db, scores, history)
        counts = [_petitions(row, actor, now) for row in staged if row.sheet is PETITIONS]
        if counts:
            merged[PETITIONS.title] = _merge_petitions(db, counts)
        for sheet, merge in _OTHERS.items():
            rows = [row for row in staged if row.sheet.kind is sheet]
            if rows:
                merged[rows[0].sheet.title] = merge(db, rows, actor, now)
        return merged

    def _open_cycles(
        self, db: Session, codes: Iterable[CycleCode], actor: str, now: datetime
    ) -> None:
        known = list(cycles.cycles(db))
        for code in codes:
            if code in {cycle.code for cycle in known}:
                continue
            first, last = calendar_days(code)
            opened = new_cycle(code, first, last, known, by=actor, at=now)
            cycles.add_cycle(db, opened)
            audit.record(db, now, actor, "assessment.open", f"cycle:{code}")
            known.append(opened)

    def _record(
        self, db: Session, actor: str, hashes: Mapping[str, str], merged: Mapping[str, Merged]
    ) -> None:
        now = self._now()
        counts = {
            title: {
                "new": result.new,
                "changed": result.changed,
                "unchanged": result.unchanged,
                "closed": 0,
            }
            for title, result in merged.items()
        }
        batch = Batch(new_id(), now, actor, hashes, counts)
        save_batch(db, batch)
        listed = [{"name": name, "sha256": digest} for name, digest in hashes.items()]
        audit.record(db, now, actor, "assessment.import", batch.id, {"files": listed})


def _staged(named: Mapping[Path, str], log: ProblemLog, progress: Progress) -> Iterator[StagedRow]:
    for path, name in named.items():
        for table in open_tables(path, name):
            yield from _read(path, table, log, progress)


def _read(path: Path, table: Table, log: ProblemLog, progress: Progress) -> Iterator[StagedRow]:
    first = list(islice(table.rows, TITLE_ROWS))
    found = recognise([cells for _, cells in first], ASSESSMENT_SHEETS)
    if isinstance(found, Unrecognised):
        note_unrecognised(table, first, found, log.add, PAGE)
        return
    note_oddities(table, found, log.add)
    for problem in oddities(path, table, found.at + 1):
        log.add(problem)
    titles = first[found.at][1][: found.width]
    rows = named_only(chain(first[found.at + 1 :], table.rows), titles, table, log)
    source = Source(table.file, table.sheet)
    reader = RowReader(found, table.file, table.sheet, log.add)
    names = [column.name for column in reader.columns]
    for line, values in reader.read(rows):
        yield StagedRow(found.sheet, source, line, dict(zip(names, values, strict=True)))
    progress(f"读取 {table.file} {found.sheet.title}", table.height, table.height)


def _wrong_name(row: StagedRow, known: Mapping[str, str]) -> Iterator[ImportProblem]:
    code, given = row.text("code"), row.text("name")
    if code not in known:
        what = "花名册中没有这个编号" if row.sheet.kind is Kind.CADRE_SCORES else "没有这个单位"
        yield row.problem("code", what, "请核对编号，或先导入花名册。")
    elif given and given != known[code]:
        yield row.problem(
            "name",
            f"与花名册不符，{code} 是“{known[code]}”",
            "请核对：是编号填错，还是两个人用了同一个编号。",
        )


def _unsealed(
    db: Session, staged: Iterable[StagedRow], hashes: Mapping[str, str]
) -> Iterator[ImportProblem]:
    """Where an assessor's files were sealed, a score comes in from one of those alone (L28)."""
    sealed: dict[str, set[str]] = {}
    for kept in sealed_files(db):
        sealed.setdefault(kept.cycle, set()).add(kept.sha256)
    for row in staged:
        wanted = sealed.get(row.text("cycle"))
        if row.text("component") != Component.THIRD_PARTY or wanted is None:
            continue
        if hashes[row.source.file] not in wanted:
            yield row.problem(
                "component",
                "这份文件与测评机构封存时登记的不一致",
                "请用封存的原文件；机构改了结果的，先登记新的文件。",
            )


def _score(row: StagedRow, subject: Subject, actor: str, now: datetime) -> ComponentScore:
    return ComponentScore(
        subject=subject,
        code=row.text("code"),
        component=Component(row.text("component")),
        cycle=CycleCode(row.text("cycle")),
        tenths=row.number("tenths"),
        counts=Counts(*(row.number(name) for name in ("asked", "called", "reached", "answered"))),
        document=row.text("document"),
        held_on=date.fromisoformat(row.text("held_on")),
        entered_by=actor,
        entered_at=now,
    )


def _history(
    db: Session, codes: Sequence[CycleCode]
) -> dict[tuple[object, ...], list[ComponentScore]]:
    """Read every score of some cycles by its key, in the order of entering."""
    history: dict[tuple[object, ...], list[ComponentScore]] = {}
    for kept in scores_of(db, cycles=codes) if codes else ():
        history.setdefault(kept.key, []).append(kept)
    return history


def _merge_scores(
    db: Session,
    scores: Sequence[ComponentScore],
    history: Mapping[tuple[object, ...], Sequence[ComponentScore]],
) -> Merged:
    new, changed = [], []
    for score in scores:
        before = history.get(score.key)
        if not before:
            new.append(score)
        elif before[-1].correction is None and not score.says_the_same(before[-1]):
            changed.append(replace(score, corrects=before[-1].id, reason=IMPORTED_AGAIN))
    add_scores(db, [*new, *changed])
    return Merged(len(new), len(changed), len(scores) - len(new) - len(changed))


def _was_corrected(score: ComponentScore, before: Sequence[ComponentScore]) -> bool:
    """Whether a second person approved another score meanwhile; the file of then may come again."""
    return (
        bool(before)
        and before[-1].correction is not None
        and not any(score.says_the_same(old) for old in before)
    )


def _corrected(row: StagedRow) -> ImportProblem:
    return row.problem(
        "tenths", "这一项成绩已经第二人批准更正，不能由导入改变", "请在页面上再提出更正。"
    )


def _petitions(row: StagedRow, actor: str, now: datetime) -> PetitionCount:
    return PetitionCount(
        CycleCode(row.text("cycle")),
        row.text("place"),
        row.text("kind"),
        row.number("count") or 0,
        row.text("document"),
        actor,
        now,
    )


def _merge_petitions(db: Session, counts: Sequence[PetitionCount]) -> Merged:
    known = {(one.cycle, one.place, one.kind): one for one in petition_counts(db)}
    new, changed = [], []
    for one in counts:
        kept = known.get((one.cycle, one.place, one.kind))
        if kept is None:
            new.append(one)
        elif (kept.count, kept.document) != (one.count, one.document):
            changed.append(one)
    add_petition_counts(db, [*new, *changed])
    return Merged(len(new), len(changed), len(counts) - len(new) - len(changed))


def _merge_kinds(db: Session, rows: Sequence[StagedRow], actor: str, now: datetime) -> Merged:
    known = unit_kinds(db)
    given = [
        UnitKind(UnitCode(row.text("code")), row.text("kind"), row.text("document"), actor, now)
        for row in rows
    ]
    new = [one for one in given if one.unit not in known]
    changed = [one for one in given if known.get(one.unit, one.kind) != one.kind]
    add_unit_kinds(db, [*new, *changed])
    return Merged(len(new), len(changed), len(given) - len(new) - len(changed))


def _merge_peers(db: Session, rows: Sequence[StagedRow], actor: str, now: datetime) -> Merged:
    known = peer_assignments(db)
    new = changed = 0
    for row in rows:
        cadre, group = CadreNumber(row.text("code")), row.text("group")
        if known.get(cadre, "") == group:
            continue
        new, changed = (new + 1, changed) if cadre not in known else (new, changed + 1)
        assigned = PeerAssignment(cadre, group, row.text("reason"), actor, now)
        add_peer_assignment(db, assigned)
    return Merged(new, changed, len(rows) - new - changed)


_OTHERS: Final = {
    Kind.STATUTORY: merge_grades,
    Kind.UNIT_KINDS: _merge_kinds,
    Kind.PEERS: _merge_peers,
}


def _nothing(names: Iterable[str]) -> ImportProblem:
    titles = "、".join(f"“{sheet.title}”" for sheet in ASSESSMENT_SHEETS)
    return ImportProblem(
        Severity.ERROR,
        "、".join(names),
        "",
        0,
        "",
        "",
        f"没有找到{titles}中的任何一张表",
        f"请核对表头，格式见 {PAGE}。",
    )
