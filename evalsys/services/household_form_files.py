"""Household forms as files: handed in all or nothing, taken out by whom they name."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from sqlalchemy.orm import Session

from evalsys.domain.access import Person, Role
from evalsys.domain.household_form import Viewer, changes
from evalsys.domain.household_form_sheet import HOUSEHOLD, form_sheet
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.domain.roster_problems import ImportProblem, ProblemLog, Severity
from evalsys.errors import NotAllowed, NotFound
from evalsys.exports.household_form import FormRow, form_table
from evalsys.exports.table import Table
from evalsys.services.household_form import FILE, HouseholdForms, own_numbers
from evalsys.services.listed import listed_rows
from evalsys.store import audit
from evalsys.store import household_form as store
from evalsys.store.household_form import Written
from evalsys.store.roster_files import Table as Sheet
from evalsys.store.roster_files import names_of, open_tables

EXPORTED_AT_MOST = 5_000
AT_A_TIME = 2_000
"""Households whose answers are sealed and written at a time: memory stays within bounds."""


@dataclass(frozen=True, slots=True)
class FormImport:
    """What an import of forms did, or why it did nothing."""

    committed: bool
    problems: tuple[ImportProblem, ...]
    errors: int
    warnings: int
    households: int
    answers: int
    """Added, or to be added after a dry run."""


class HouseholdFormFiles:
    """Import and export, by the same rules as the page."""

    def __init__(self, forms: HouseholdForms) -> None:
        """Work on these `forms`."""
        self._forms = forms

    def import_files(
        self, files: Sequence[Path], person: Person, *, dry_run: bool = False
    ) -> FormImport:
        """Take answers in from workbooks or CSV; with an error, or on a dry run, nothing is kept.

        Raises:
            InvalidInput: a file cannot be opened or read at all.
            NotAllowed: this person may write no form.
        """
        named = names_of(files).items()
        tables = chain.from_iterable(open_tables(path, name) for path, name in named)
        return self._take(tables, person, dry_run=dry_run)

    def import_uploaded(
        self, path: Path, name: str, person: Person, *, dry_run: bool = False
    ) -> FormImport:
        """Take answers in from one file; `name` is what problems call it. As `import_files`."""
        return self._take(open_tables(path, name), person, dry_run=dry_run)

    def export(self, person: Person, purpose: HouseholdPurpose, grid: str = "") -> Table:
        """Tabulate the forms that somebody may read, with the columns that he may read; audited.

        Raises:
            NotAllowed: this person may read no form.
            NotFound: there is nothing to take out.
        """
        forms = self._forms
        with forms.database.write() as db:
            viewer = _viewer(person)
            if viewer is Viewer.OFFICE:
                homes = store.homes(db, grid=grid, limit=EXPORTED_AT_MOST) if grid else ()
            else:
                numbers = sorted(own_numbers(db, person))
                found = (store.homes(db, cadre=one, limit=EXPORTED_AT_MOST) for one in numbers)
                homes = tuple(chain.from_iterable(found))
            if not homes:
                raise NotFound("没有可以导出的联系户。", remedy="县联系办请先选一个网格。")
            fields = forms.definition.readable(viewer)
            answers = store.answers(db, forms.box, [home.code for home in homes])
            detail = {
                "purpose": purpose.value,
                "households": len(homes),
                "fields": [one.code for one in fields],
            }
            subject = f"grid:{grid}" if grid else "own"
            audit.record(db, forms.now(), person.name, "household_form.export", subject, detail)
        rows = [
            FormRow(
                home.code,
                {code: one.value for code, one in answers.get(home.code, {}).items()},
                max((one.at for one in answers.get(home.code, {}).values()), default=None),
            )
            for home in homes
        ]
        lines = (
            f"用途：{purpose.value}",
            f"{len(homes)} 户，截至 {forms.now().astimezone(forms.zone):%Y-%m-%d %H:%M}",
        )
        return form_table(forms.definition.title, lines, fields, rows, forms.zone)

    def _take(self, tables: object, person: Person, *, dry_run: bool) -> FormImport:
        forms = self._forms
        viewer = _viewer(person)
        sheet = form_sheet(forms.definition.title, forms.definition.writable(viewer))
        log = ProblemLog()
        given: dict[str, dict[str, str]] = {}
        places: dict[str, tuple[Sheet, int]] = {}
        for table in tables:  # type: ignore[attr-defined]  # an iterator of tables
            for line, values in listed_rows(table, sheet, log):
                code = str(values.pop(HOUSEHOLD))
                if code in places:
                    what = f"与第{places[code][1]}行是同一户"
                    log.add(_problem(table, line, code, what, "请合并成一行。"))
                    continue
                places[code] = (table, line)
                given[code] = {
                    field: str(value) for field, value in values.items() if value is not None
                }
        with forms.database.write() as db:
            self._check_homes(db, person, viewer, places, log)
            wanted = {} if log.errors else self._changed(db, given)
            number = sum(len(one) for one in wanted.values())
            if not (log.errors or dry_run):
                written = Written(forms.now(), person.name, FILE, forms.definition.version)
                for some in _in_parts(list(wanted.items())):
                    store.append(db, forms.box, some, written)
                detail = {"households": len(given), "answers": number}
                action = "household_form.import"
                audit.record(db, forms.now(), person.name, action, "household_form", detail)
        committed = not (log.errors or dry_run)
        return FormImport(committed, log.kept, log.errors, log.warnings, len(given), number)

    def _changed(self, db: Session, given: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        kept = store.answers(db, self._forms.box, list(given))
        return {
            code: found
            for code, answers in given.items()
            if (
                found := changes(
                    self._forms.definition.fields,
                    {field: one.value for field, one in kept.get(code, {}).items()},
                    answers,
                )
            )
        }

    @staticmethod
    def _check_homes(
        db: Session,
        person: Person,
        viewer: Viewer,
        places: dict[str, tuple[Sheet, int]],
        log: ProblemLog,
    ) -> None:
        """Note households that the roster lacks, or that are not this person's."""
        roster = store.known(db, list(places))
        own = own_numbers(db, person)
        for code, (table, line) in places.items():
            if viewer is Viewer.OFFICE:
                if code not in roster:
                    what = "花名册中没有这一户"
                    log.add(_problem(table, line, code, what, "请核对户编码。"))
            elif roster.get(code, "") not in own:
                what = "不是您的联系户"
                log.add(_problem(table, line, code, what, "请核对户编码，只填自己的联系户。"))


def _in_parts(
    wanted: Sequence[tuple[str, dict[str, str]]],
) -> Iterator[dict[str, dict[str, str]]]:
    return (dict(wanted[at : at + AT_A_TIME]) for at in range(0, len(wanted), AT_A_TIME))


def _viewer(person: Person) -> Viewer:
    match person.role:
        case Role.OFFICE:
            return Viewer.OFFICE
        case Role.CADRE:
            return Viewer.CADRE
        case _:
            raise NotAllowed("民情表不归您查看。", remedy="请由联系干部或县联系办办理。")


def _problem(table: Sheet, line: int, code: str, what: str, remedy: str) -> ImportProblem:
    return ImportProblem(
        Severity.ERROR, table.file, table.sheet, line, "户编码", code, what, remedy
    )
