"""Ledgers enter the loop: the roster's, at every import, and those that are handed in apart.

What a ledger says is one `imported` event. Where something happened to a request here, the ledger
has no say any more: the claim is what the loop says.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.domain.casework import events as e
from evalsys.domain.casework.acting import SYSTEM
from evalsys.domain.casework.clocks import Clockwork
from evalsys.domain.casework.intake import FIRST_DAY
from evalsys.domain.casework.route import GridTree, Route, first_route
from evalsys.domain.casework.sheet import REQUESTS
from evalsys.domain.casework.standing import standing
from evalsys.domain.casework.state import Filed, apply, begin
from evalsys.domain.casework.words import Channel, RequestKind
from evalsys.domain.local_date import local_date
from evalsys.domain.roster import RequestState
from evalsys.domain.roster_cells import Parsed
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.domain.taxonomy import Urgency
from evalsys.ids import new_id
from evalsys.services.casework_desk import CaseworkDesk, Classes
from evalsys.services.listed import listed_rows
from evalsys.store import audit, casework, casework_bulk
from evalsys.store import casework_people as people
from evalsys.store.casework_bulk import Claim, Entered, LinkedHome
from evalsys.store.roster_batches import Batch, save_batch
from evalsys.store.roster_files import Table, names_of, open_tables, sha256_of
from evalsys.store.roster_merge import Merged

_NOON = time(12)


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """What an import of requests did, or would do, or why it did nothing."""

    committed: bool
    problems: tuple[ImportProblem, ...]
    errors: int
    warnings: int
    rows: int
    """Rows read without an error."""
    merged: Merged


@dataclass(frozen=True, slots=True)
class _Entry:
    """One request of a ledger, with what the ledger says became of it."""

    filed: Filed
    route: Route
    state: RequestState
    closed_on: date | None
    answer: str
    limit: str


class CaseworkLedger:
    """Imports ledgers of requests (Y46, L19)."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Import on `desk`."""
        self._desk = desk

    def run(self, files: Sequence[Path], *, actor: str, dry_run: bool = False) -> LedgerReport:
        """Import `files` in one transaction; with an error, or on a dry run, nothing is kept.

        A code that is known already is left as it is, so the same files again change nothing.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
        """
        log = ProblemLog()
        hashes = {name: sha256_of(path, name) for path, name in names_of(files).items()}
        read = [row for path, name in names_of(files).items() for row in _rows(path, name, log)]
        if not read and not log.errors:
            log.add(_nothing(files))
        with self._desk.database.write() as db:
            entries = list(self._entries(db, read, log))
            if log.errors:
                return _report(log, len(read), Merged(0, 0, 0), committed=False)
            known = casework_bulk.known_codes(db, [each.filed.code for each in entries])
            new = [each for each in entries if each.filed.code not in known]
            merged = Merged(len(new), 0, len(entries) - len(new))
            if dry_run:
                return _report(log, len(read), merged, committed=False)
            self._enter(db, new, actor=actor, with_claims=True)
            now = self._desk.now()
            counts = {"new": merged.new, "changed": 0, "unchanged": merged.unchanged, "closed": 0}
            batch = Batch(new_id(), now, actor, hashes, {REQUESTS.title: counts})
            save_batch(db, batch)
            listed = [{"name": name, "sha256": digest} for name, digest in hashes.items()]
            audit.record(db, now, actor, "casework.import", batch.id, {"files": listed})
        return _report(log, len(read), merged, committed=True)

    def follow_roster(self, db: Session) -> int:
        """Let what a roster import brought enter the loop, in its transaction; give how many."""
        # First, because what enters now says what its ledger says.
        changed = self._follow_changes(db)
        tree = people.grid_tree(db)
        limit = self._desk.policy.limit_for(Urgency.ORDINARY, is_petition=False)
        entries = [
            self._entry_of(row, tree, limit) for row in casework_bulk.ledger_without_loop(db)
        ]
        self._enter(db, entries, actor=SYSTEM, with_claims=False)
        return len(entries) + changed

    def _follow_changes(self, db: Session) -> int:
        """Note what a later ledger says otherwise; put the claim right where the loop knows."""
        states = casework_bulk.states_in_loop(db)
        clocks = self._desk.clocks(db)
        units = self._desk.classes(db).unit
        changed = 0
        for code, state, closed_on, answer in list(casework_bulk.claims_beside(db)):
            last = states.get(code, "")
            if last and json.loads(last)["state"] == state:
                continue
            file = casework.load(db, code, clocks.days.day_of)
            if file.is_native:
                if file.claim.value != state:
                    casework.keep_claim(db, file)
                continue
            event = e.Imported(
                file.holder.kind,
                file.holder.code,
                file.level,
                file.grid,
                file.limit_class,
                RequestState(state),
                self._noon(closed_on).isoformat() if closed_on else "",
                bool(answer),
            )
            record = e.Recorded(file.seq + 1, self._desk.now(), SYSTEM, event)
            casework.append(db, file, [record], clocks, units)
            changed += 1
        return changed

    def _entry_of(self, row: casework_bulk.LedgerRow, tree: GridTree, limit: str) -> _Entry:
        at = self._noon(row.raised_on)
        route = first_route(tree, row.grid, row.cadre, row.cadre_grid)
        filed = Filed(
            code=row.code,
            household=row.household,
            cadre=row.cadre,
            grid=row.grid,
            kind=RequestKind.PROBLEM,
            channel=Channel.ROSTER,
            text=row.text,
            raised_at=at,
            received_at=at,
            taxonomy=0,
            class_code="",
            asked=route.holder,
        )
        return _Entry(filed, route, RequestState(row.state), row.solved_on, row.answer, limit)

    def _entries(self, db: Session, read: Sequence["_Read"], log: ProblemLog) -> Iterator[_Entry]:
        homes = casework_bulk.homes(db, (str(one.values["household"]) for one in read))
        tree, classes = people.grid_tree(db), self._desk.classes(db)
        today = local_date(self._desk.now(), self._desk.zone).isoformat()
        seen: dict[str, _Read] = {}
        for one in read:
            code = str(one.values["code"])
            if (first := seen.setdefault(code, one)) is not one:
                log.add(one.problem("code", f"与第{first.line}行编号重复", "请只保留一行。"))
                continue
            if fault := _fault(one, homes, classes, today):
                log.add(one.problem(*fault))
                continue
            home = homes[str(one.values["household"])]
            if early := _before_link(one, home):
                log.add(early)
            yield self._entry(one, home, tree, classes)

    def _entry(
        self,
        one: "_Read",
        home: LinkedHome,
        tree: GridTree,
        classes: Classes,
    ) -> _Entry:
        values = one.values
        grid, cadre, cadre_grid = home.grid, home.cadre, home.cadre_grid
        channel = Channel(str(values.get("channel") or Channel.VISIT))
        class_code = str(values.get("class_code") or "")
        urgency = Urgency.ORDINARY
        if class_code and classes.tree is not None:
            urgency = classes.tree.urgency(class_code)
        at = self._noon(date.fromisoformat(str(values["raised_on"])))
        closed = values.get("solved_on")
        route = first_route(tree, grid, cadre, cadre_grid)
        filed = Filed(
            code=str(values["code"]),
            household=str(values["household"]),
            cadre=cadre,
            grid=grid,
            kind=RequestKind(str(values.get("kind") or RequestKind.PROBLEM)),
            channel=channel,
            text=str(values["text"]),
            raised_at=at,
            received_at=at,
            taxonomy=classes.version if class_code else 0,
            class_code=class_code,
            asked=route.holder,
            place=str(values.get("place") or ""),
        )
        is_petition = channel is Channel.PETITION
        return _Entry(
            filed,
            route,
            RequestState(str(values.get("state") or RequestState.OPEN)),
            date.fromisoformat(str(closed)) if closed else None,
            str(values.get("answer") or ""),
            self._desk.policy.limit_for(urgency, is_petition=is_petition),
        )

    def _enter(
        self, db: Session, entries: Sequence[_Entry], *, actor: str, with_claims: bool
    ) -> None:
        if not entries:
            return
        clocks = self._desk.clocks(db)
        units = self._desk.classes(db).unit
        now = self._desk.now()

        def entered(each: _Entry) -> Entered:
            record = self._imported(each, now, actor)
            file = apply(begin(each.filed, clocks.days.day_of), record)
            unit = units(each.filed.taxonomy, each.filed.class_code)
            has_claim = with_claims and each.filed.household and each.filed.cadre
            claim = _claim(each, clocks) if has_claim else None
            return Entered(each.filed, record, standing(file, clocks, unit), claim)

        casework_bulk.add_all(db.connection(), map(entered, entries))

    def _imported(self, each: _Entry, now: datetime, actor: str) -> e.Recorded:
        event = e.Imported(
            each.route.holder.kind,
            each.route.holder.code,
            each.route.level,
            each.route.grid,
            each.limit,
            each.state,
            self._noon(each.closed_on).isoformat() if each.closed_on else "",
            bool(each.answer),
        )
        return e.Recorded(1, now, actor, event)

    def _noon(self, day: date) -> datetime:
        """Give a day that a ledger names as a moment: its noon in the county."""
        return _noon(day, self._desk.zone)


@dataclass(frozen=True, slots=True)
class _Read:
    """One row of a file."""

    table: Table
    line: int
    values: Mapping[str, Parsed]

    def problem(
        self, column: str, what: str, remedy: str, severity: Severity = Severity.ERROR
    ) -> ImportProblem:
        return ImportProblem(
            severity,
            self.table.file,
            self.table.sheet,
            self.line,
            REQUESTS.column(column).header,
            str(self.values.get(column) or ""),
            what,
            remedy,
        )


@lru_cache(maxsize=4096)  # a ledger has few days, and each many times
def _noon(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, _NOON, zone).astimezone(UTC)


def _rows(path: Path, name: str, log: ProblemLog) -> Iterator[_Read]:
    for table in open_tables(path, name):
        for line, values in listed_rows(table, REQUESTS, log):
            yield _Read(table, line, values)


def _fault(
    one: _Read,
    homes: Mapping[str, LinkedHome],
    classes: Classes,
    today: str,
) -> tuple[str, str, str] | None:
    home = homes.get(str(one.values["household"]))
    if home is None:
        return "household", "花名册中没有这一户", "请核对户编码，或先导入花名册。"
    if home.cadre is None:
        return "household", "这一户没有联系干部", "请先在花名册中补上联系关系。"
    for column in ("raised_on", "solved_on"):
        if str(one.values.get(column) or "") > today:
            return column, f"日期还没有到（今天是{today}）", "请核对年份。"
        if str(one.values.get(column) or today) < FIRST_DAY.isoformat():
            return column, f"日期早于{FIRST_DAY.isoformat()}", "请核对年份。"
    class_code = str(one.values.get("class_code") or "")
    if class_code and (classes.tree is None or class_code not in classes.tree):
        return "class_code", "分类体系中没有这个编码", "请核对现行版本的分类体系。"
    return None


def _before_link(one: "_Read", home: LinkedHome) -> ImportProblem | None:
    """Note a visit from before the household's link, which the present cadre cannot have made."""
    visited = str(one.values["raised_on"])
    since = home.linked_since
    is_visit = (one.values.get("channel") or Channel.VISIT) == Channel.VISIT
    if not is_visit or since is None or visited >= since.isoformat():
        return None
    return one.problem(
        "raised_on",
        f"走访早于联系关系开始的日子（{since.isoformat()}）",
        "请核对走访日期和联系起始。已按原样导入。",
        Severity.WARNING,
    )


def _claim(each: _Entry, clocks: Clockwork) -> Claim:
    filed = each.filed
    return Claim(
        filed.code,
        str(filed.household),
        str(filed.cadre),
        clocks.days.day_of(filed.raised_at).isoformat(),
        filed.text,
        each.state.value,
        each.closed_on.isoformat() if each.closed_on else None,
        each.answer,
    )


def _report(log: ProblemLog, rows: int, merged: Merged, *, committed: bool) -> LedgerReport:
    return LedgerReport(committed, log.kept, log.errors, log.warnings, rows, merged)


def _nothing(files: Sequence[Path]) -> ImportProblem:
    return ImportProblem(
        Severity.ERROR,
        "、".join(path.name for path in files),
        "",
        0,
        "",
        "",
        f"没有找到“{REQUESTS.title}”表",
        "请核对表头，格式见 docs/formats/requests.md。",
    )
