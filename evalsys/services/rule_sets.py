"""The county's rule set: proposed as a workbook, tried on samples, approved by a second person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from itertools import islice
from pathlib import Path
from typing import IO

from evalsys.clock import Clock
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import CadreFact
from evalsys.domain.roster_headers import letter_of
from evalsys.domain.rule_versions import (
    NAME_LIMIT,
    PublishedRules,
    RuleVersion,
    Ruling,
    check_second_person,
    check_since,
    field_faults,
    published_rules,
)
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.rulesheet import SHEETS, Compiled, Note, Tables
from evalsys.domain.rulesheet_cells import spelt, tidy
from evalsys.domain.rulesheet_compile import compile_rules
from evalsys.domain.rulesheet_facts import ID, FactsReader
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput
from evalsys.exports.rulesheet import write_rule_workbook
from evalsys.ids import CadreNumber
from evalsys.services.access import Aside, in_turn, must_be_two_people
from evalsys.store import assessment, audit
from evalsys.store import rule_versions as store
from evalsys.store.database import Database
from evalsys.store.roster_files import open_tables
from evalsys.store.rule_versions import Proposal
from evalsys.store.rulebooks import shipped_rule_set
from evalsys.store.rulesheet_file import SHOWN, RuleWorkbook, read_rule_workbook
from evalsys.store.xlsx_cells import calculated_cells

MAX_FACT_ROWS = 50_000


@dataclass(frozen=True, slots=True)
class Proposed:
    """What came of an upload: the number of the new version, or every fault."""

    compiled: Compiled
    version: int | None


@dataclass(frozen=True, slots=True)
class FactsTaken:
    """What came of a facts file: how many facts were kept, or every fault and none."""

    kept: int
    faults: tuple[Note, ...]
    notes: tuple[str, ...]


class RuleSets:
    """Versions of the rule set, and the facts that only it asks for."""

    def __init__(
        self, database: Database, now: Clock, zone: tzinfo, aside: Aside = in_turn
    ) -> None:
        """Keep versions in `database`; days are those of `zone`; `aside` runs what is long."""
        self._database = database
        self._aside = aside
        self.now = now
        self._zone = zone

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def propose(self, file: Path, filename: str, *, name: str, since: date, by: str) -> Proposed:
        """Compile an uploaded workbook and keep it as a new version, which waits for approval.

        Raises:
            InvalidInput: the file cannot be read at all, the name is missing or too long, or
                the first day lies in a closed year.
        """
        title = one_line(name, "名称", longest=NAME_LIMIT)
        if not title:
            raise InvalidInput("请给规则集写一个名称。", remedy="例如 沂水2013。", place="名称")
        check_since(since, self.today())
        workbook, compiled = self._aside(_compiled, (file, filename, self.today()))
        if compiled.errors:
            return Proposed(compiled, None)
        with self._database.write() as db:
            at = self.now()
            proposal = Proposal(
                title, compiled.sheet.sha256, since, _texts(workbook.tables), by, at
            )
            number = store.add(db, proposal)
            detail = {"name": title, "sha256": proposal.sha256, "since": since.isoformat()}
            audit.record(db, at, by, "rules.propose", f"rules:{number}", detail)
        return Proposed(compiled, number)

    def versions(self) -> tuple[RuleVersion, ...]:
        """Return every version, newest first."""
        with self._database.read() as db:
            return store.versions(db)

    def in_force(self, day: date) -> RuleVersion | None:
        """Return the version of a day, None where the rulebook that came along still holds."""
        with self._database.read() as db:
            return store.in_force(db, day)

    def published(self, book: Rulebook) -> PublishedRules:
        """Return what everybody may read of the rules applied today; `book` is what came along."""
        day = self.today()
        return published_rules(book, self.in_force(day), day)

    def version(self, number: int) -> RuleVersion:
        """Return one version.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.read() as db:
            return store.version(db, number)

    def rule(self, number: int, ruling: Ruling, *, reason: str, by: str) -> RuleVersion:
        """Approve a version or send it back, as its second person; samples are run once more.

        Raises:
            InvalidInput: no reason for sending back, its year has closed meanwhile, or its
                samples do not pass any more.
            RuleViolation: it is the author, or it was decided on before.
        """
        why = one_line(reason, "理由", longest=LONGEST_TEXT)
        with self._database.write() as db:
            version = store.version(db, number)
            check_second_person(version, by)
            must_be_two_people(db, version.proposed_by, by)
            if ruling is Ruling.REJECTED and not why:
                raise InvalidInput("请写明退回的理由。", remedy="写清要改什么。", place="理由")
            if ruling is Ruling.APPROVED:
                check_since(version.since, self.today())
                errors = compile_rules(store.tables(db, number), self.today()).errors
                if errors:
                    raise InvalidInput(
                        f"样例今天不再通过：{errors[0].what}。",
                        remedy="请退回，由作者上传新的版本。",
                        place=errors[0].place,
                    )
            at = self.now()
            store.rule(db, number, ruling, reason=why, by=by, at=at)
            detail = {"ruling": ruling.value, "sha256": version.sha256, "reason": why}
            audit.record(db, at, by, "rules.rule", f"rules:{number}", detail)
            return store.version(db, number)

    def write_workbook(self, number: int, out: IO[bytes]) -> RuleVersion:
        """Write a version as the workbook that compiles to it again.

        Raises:
            NotFound: there is none of this number.
        """
        with self._database.read() as db:
            version = store.version(db, number)
            write_rule_workbook(store.tables(db, number), out, made_at=version.proposed_at)
        return version

    def write_shipped(self, name: str, out: IO[bytes]) -> None:
        """Write a rule set that comes with the software, to start from.

        Raises:
            NotFound: none has this name.
        """
        write_rule_workbook(shipped_rule_set(name), out, made_at=self.now())

    def take_facts(
        self, number: int, file: Path, filename: str, *, since: date, document: str, by: str
    ) -> FactsTaken:
        """Record facts on cadres for the fields that only this version asks for; all or nothing.

        A column that is there with an empty cell takes an earlier fact back.

        Raises:
            InvalidInput: the file cannot be read, the day lies ahead, or no document is named.
        """
        basis = one_line(document, "依据", longest=LONGEST_TEXT)
        if not basis:
            raise InvalidInput("请写明依据的文件。", remedy="例如文号、台账名称。", place="依据")
        if since > self.today():
            raise InvalidInput("事实的起始日还没有到。", remedy="请核对日期。", place="起始日")
        version = self.version(number)
        with self._database.read() as db:
            serving = {one.number for one in assessment.serving_cadres(db, since)}
        lines = self._aside(_FactLines, (version, serving, file, filename))
        if lines.faults:
            return FactsTaken(0, tuple(lines.faults), lines.notes)
        with self._database.write() as db:
            at = self.now()
            store.add_facts(
                db,
                (
                    CadreFact(cadre, field, value, since, basis, by, at)
                    for cadre, field, value in lines.found
                ),
            )
            detail = {"facts": len(lines.found), "since": since.isoformat(), "document": basis}
            audit.record(db, at, by, "rules.facts", f"rules:{number}", detail)
        return FactsTaken(len(lines.found), (), lines.notes)


def _compiled(file: Path, filename: str, today: date) -> tuple[RuleWorkbook, Compiled]:
    workbook = read_rule_workbook(file, filename)
    compiled = compile_rules(workbook.tables, today, workbook.faults)
    if not compiled.errors:
        faults = field_faults(compiled.sheet, workbook.tables)
        compiled = Compiled(compiled.sheet, tuple(faults), compiled.notes)
    return workbook, compiled


class _FactLines:
    """The lines of a facts file as facts, or what is wrong with them."""

    def __init__(
        self, version: RuleVersion, serving: set[CadreNumber], file: Path, filename: str
    ) -> None:
        table = next(open_tables(file, filename))
        rows = table.rows
        self.faults = [
            Note(f"{filename} {place}", "是公式或公式出错的结果", "请粘贴为数值")
            for place in (islice(calculated_cells(file, filename), SHOWN) if table.sheet else ())
        ]
        where = f"{filename} 工作表“{table.sheet}”"
        for _, part in table.unseen:
            self.faults.append(Note(where, f"{part}是隐藏的", "请取消隐藏并核对，再上传"))
        self.faults += [
            Note(f"{where} {place}", "是合并单元格", "请取消合并，逐格填写")
            for place in islice(table.merged_at, SHOWN)
        ]
        header = [tidy(spelt(cell)) for cell in next(rows, (0, ()))[1]]
        reader = FactsReader(version.sheet, header, filename)
        ours = {field.name for field in version.more_fields}
        self.notes = (
            *reader.notes,
            *(f"“{name}”由本系统的登记提供，未读" for name in header if name in _known(version)),
        )
        wanted = [(name, at) for at, name in enumerate(header) if name in ours]
        if not wanted:
            remedy = f"可登记的字段：{'、'.join(sorted(ours)) or '无'}；列名须一字不差"
            self.faults.append(Note(f"{filename} 第1行", "没有一列是要登记的字段", remedy))
        self.found: list[tuple[CadreNumber, str, str]] = []
        for number, cells in rows:
            if number > MAX_FACT_ROWS:
                self.faults.append(Note(f"{filename} 第{number}行", "行数过多", "请拆成几个文件"))
                return
            person, faults = reader.read(cells)
            for at, fault in faults:
                self._refuse(filename, number, at, fault.what, fault.remedy)
            if person is None or faults:
                continue
            cadre = CadreNumber(person.number)
            if cadre not in serving:
                what = f"在册干部中没有编号 {cadre}"
                self._refuse(filename, number, header.index(ID), what, "请核对 8 位编号")
                continue
            texts = [tidy(spelt(cell)) for cell in cells]
            self.found += [
                (cadre, name, texts[at] if at < len(texts) else "") for name, at in wanted
            ]

    def _refuse(self, filename: str, row: int, column: int, what: str, remedy: str) -> None:
        self.faults.append(Note(f"{filename} {letter_of(column)}{row}", what, remedy))


def _known(version: RuleVersion) -> set[str]:
    more = {field.name for field in version.more_fields}
    return set(version.sheet.fields) - more


def _texts(tables: Tables) -> Mapping[str, Sequence[Sequence[str]]]:
    """Keep the three sheets as texts; empty cells at the end of a row are left out."""
    return {
        name: [_trimmed([spelt(cell) for cell in row]) for row in tables[name]] for name in SHEETS
    }


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        del cells[-1]
    return cells
