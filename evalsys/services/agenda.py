"""The agenda room: what a pledge assembly answers, handed in as a sheet or typed (Y32, Y69)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.agenda import Issue, agenda_bytes, check_agenda
from evalsys.domain.agenda_sheet import AGENDA, issue_of
from evalsys.domain.canonical import Json, canonical
from evalsys.domain.draw import PROTOCOL
from evalsys.domain.live import commands_agenda as cg
from evalsys.domain.live.state import LiveState, is_assembly
from evalsys.domain.live.words import AgendaOrder
from evalsys.domain.promises import Followed, asked_again
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.errors import EvalsysError, NotFound, RuleViolation
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.listed import listed_rows
from evalsys.services.live_session import LiveSessions
from evalsys.services.pledges import Pledges
from evalsys.store import audit, roster
from evalsys.store.database import Database
from evalsys.store.roster_files import Table, names_of, open_tables, pasted_table


@dataclass(frozen=True, slots=True)
class AgendaReport:
    """What reading an agenda did, or why it did nothing."""

    problems: tuple[ImportProblem, ...]
    issues: tuple[Issue, ...]
    """The agenda as it is now; the former one when there were errors."""
    errors: int
    warnings: int


class Agendas:
    """The agendas of assemblies, until each opens."""

    def __init__(
        self, database: Database, live_sessions: LiveSessions, pledges: Pledges, now: Clock
    ) -> None:
        """Set agendas through `live_sessions`; `pledges` knows what is to be asked again."""
        self._database = database
        self._live = live_sessions
        self._pledges = pledges
        self._now = now

    def read_files(
        self, live: LiveId, files: Sequence[Path], *, actor: str, expect: int | None = None
    ) -> AgendaReport:
        """Put the agenda in `files` (xlsx or csv) in place of the session's.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
            RuleViolation: the session is no assembly, or has opened.
        """
        tables = (open_tables(path, name) for path, name in names_of(files).items())
        return self._read(live, chain.from_iterable(tables), actor=actor, expect=expect)

    def read_uploaded(
        self, live: LiveId, path: Path, name: str, *, actor: str, expect: int | None = None
    ) -> AgendaReport:
        """Put the agenda of one file in place; `name` is what problems call it.

        Raises:
            InvalidInput: the file cannot be read at all.
            RuleViolation: the session is no assembly, or has opened.
        """
        return self._read(live, open_tables(path, name), actor=actor, expect=expect)

    def read_pasted(
        self, live: LiveId, text: str, *, actor: str, expect: int | None = None
    ) -> AgendaReport:
        """Put an agenda that was pasted from a spreadsheet in place of the session's.

        Raises:
            InvalidInput: the text is no table.
            RuleViolation: the session is no assembly, or has opened.
        """
        table = pasted_table(text, "粘贴的表格")
        return self._read(live, (table,), actor=actor, expect=expect)

    def set(
        self, live: LiveId, issues: Sequence[Issue], *, actor: str, expect: int | None = None
    ) -> LiveState:
        """Put these issues in place of the agenda; it has to be published again.

        Raises:
            InvalidInput: names the issue and the field.
            RuleViolation: the session is no assembly, or has opened.
        """
        with self._live.step(live, actor=actor, expect=expect) as step:
            self._note(step.db, live, len(issues), actor)
            return step.tell(cg.SetAgenda(tuple(issues)))

    def due(self, today: date) -> tuple[Followed, ...]:
        """List the pledges of past sessions whose day has come and which nobody found kept."""
        return tuple(one for one in self._pledges.every() if one.is_due(today))

    def due_issues(self, today: date, *, rehearsal: bool = False) -> tuple[Issue, ...]:
        """Make issues out of the pledges that fell due; rehearsals are asked in rehearsals."""
        due = [one for one in self.due(today) if one.rehearsal == rehearsal]
        cadres = {CadreNumber(one.round.cadre) for one in due if one.round.cadre}
        with self._database.read() as db:
            cards = roster.cadre_cards(db, cadres)
        answers = {str(number): (card.unit_name, card.name) for number, card in cards.items()}
        return asked_again(due, answers)

    def _read(
        self, live: LiveId, tables: Iterable[Table], *, actor: str, expect: int | None
    ) -> AgendaReport:
        state = self._live.state(live)
        if not is_assembly(state):
            raise RuleViolation(
                "本场不是承诺大会，没有议程。", remedy="请先以“承诺大会”新建会议，再导入议程。"
            )
        log = ProblemLog()
        with self._database.read() as db:
            units = frozenset(roster.unit_names(db).values())
        issues: list[Issue] = []
        seen: dict[str, int] = {}
        for table in tables:
            for line, values in listed_rows(table, AGENDA, log):
                one = issue_of(values)
                _note_row(log, table, line, one, units, seen)
                issues.append(one)
        if log.errors:
            return AgendaReport(log.kept, state.agenda, log.errors, log.warnings)
        try:
            check_agenda(issues)
        except EvalsysError as error:
            problem = ImportProblem(
                Severity.ERROR, "", "", 0, "", "", error.what.removesuffix("。"), error.remedy
            )
            log.add(problem)
            return AgendaReport(log.kept, state.agenda, log.errors, log.warnings)
        after = self.set(live, issues, actor=actor, expect=expect)
        return AgendaReport(log.kept, after.agenda, log.errors, log.warnings)

    def _note(self, db: Session, live: LiveId, issues: int, actor: str) -> None:
        detail = {"issues": issues}
        audit.record(db, self._now(), actor, "agenda.set", f"live:{live}", detail)


def assembly_files(state: LiveState) -> dict[str, bytes]:
    """Return the files from which anybody can compute an assembly's order.

    Raises:
        NotFound: the agenda is not published yet.
    """
    if not state.manifest_sha256:
        raise NotFound("议程还没有公布。", remedy="公布后即可下载。")
    drawn = state.plan is not None and state.plan.agenda is AgendaOrder.DRAWN
    order: dict[str, Json] = {
        "format": "assembly-order/1",
        "protocol": PROTOCOL if drawn else "",
        "agenda_sha256": state.manifest_sha256,
        "digits": state.master_digits,
        "seed": state.master_seed,
        "order": list(state.agenda_order),
        "called": [state.agenda.index(one.issue) + 1 for one in state.rounds if one.issue],
        "end": "" if state.closed_at is None else "abort" if state.aborted else "close",
        "head": state.head,
    }
    return {"agenda.json": agenda_bytes(state.agenda), "order.json": canonical(order)}


def _note_row(
    log: ProblemLog,
    table: Table,
    line: int,
    one: Issue,
    units: frozenset[str],
    seen: dict[str, int],
) -> None:
    """Say of a readable row what is wrong beside the others and beside the roster."""

    def note(severity: Severity, column: str, value: str, what: str, remedy: str) -> None:
        log.add(ImportProblem(severity, table.file, table.sheet, line, column, value, what, remedy))

    if one.title in seen:
        note(
            Severity.ERROR,
            "议题",
            one.title,
            f"与第{seen[one.title]}行的议题同名",
            "请合并，或改一个能分清的名称。",
        )
    seen.setdefault(one.title, line)
    if units and one.unit not in units:
        note(
            Severity.WARNING,
            "答复单位",
            one.unit,
            "花名册里没有这个单位",
            "驻县单位可以不在花名册里；否则请核对名称。",
        )
