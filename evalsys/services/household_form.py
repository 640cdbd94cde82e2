"""The household form 民情表: read field by field by whom it names, with the purpose on record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.access import Person, Role
from evalsys.domain.casework.words import PartyKind
from evalsys.domain.household_form import FormDefinition, FormField, Viewer, changes
from evalsys.domain.household_form_sheet import read_answer
from evalsys.domain.local_date import local_date
from evalsys.domain.purposes import HouseholdPurpose
from evalsys.errors import InvalidInput, NotAllowed, NotFound
from evalsys.store import audit
from evalsys.store import casework_people as people
from evalsys.store import household_form as store
from evalsys.store.database import Database
from evalsys.store.form_box import FormBox
from evalsys.store.household_form import Answer, FormHome, Written

LISTED = 500
"""Households that one list shows."""
PAGE = "page"
FILE = "file"
OWN_PAGE = "household"
"""Sources of an answer."""


@dataclass(frozen=True, slots=True)
class FormsPage:
    """The households whose forms somebody may open."""

    homes: tuple[FormHome, ...]
    grid: str
    is_office: bool
    fields: int
    """Questions of the form that this person may read."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """One household's form, as far as whoever looks may see it."""

    household: str
    head: str
    grid: str
    viewer: Viewer
    definition: FormDefinition
    fields: tuple[FormField, ...]
    writable: frozenset[str]
    answers: Mapping[str, Answer]
    """By field; only of `fields`."""
    entries: int
    """To be sent back with what is written."""
    history: tuple[Answer, ...] = ()
    """The newest first; only of `fields`."""

    def value(self, field: FormField) -> str:
        """Give the kept value of a field, or nothing."""
        answer = self.answers.get(field.code)
        return "" if answer is None else answer.value


class HouseholdForms:
    """Forms, by whom they may be read."""

    def __init__(
        self,
        database: Database,
        box: FormBox,
        now: Clock,
        zone: ZoneInfo,
        definition: FormDefinition,
    ) -> None:
        """Keep the forms of `definition` in `database`, sealed by `box`."""
        self.database = database
        self.box = box
        self.now = now
        self.zone = zone
        self.definition = definition

    @property
    def today(self) -> date:
        """The day in the county."""
        return local_date(self.now(), self.zone)

    def askable(self, db: Session) -> dict[str, tuple[str, ...]]:
        """Name what can be asked on stage, field by field, by household that agreed (Y24)."""
        return store.askable(db, self.box, self.definition)

    def list_homes(self, person: Person, purpose: HouseholdPurpose, grid: str = "") -> FormsPage:
        """List whose forms somebody may open; audited.

        A cadre sees his own households; the office those of the grid that it names.
        """
        with self.database.write() as db:
            is_office = person.role is Role.OFFICE
            homes: tuple[FormHome, ...] = ()
            if is_office and grid:
                homes = store.homes(db, grid=grid, limit=LISTED)
            elif not is_office:
                for number in sorted(own_numbers(db, person)):
                    homes += store.homes(db, cadre=number, limit=LISTED)
            detail = {"purpose": purpose.value, "households": len(homes)}
            self._note(db, person.name, "household_form.list", grid or "own", detail)
            viewer = Viewer.OFFICE if is_office else Viewer.CADRE
            return FormsPage(homes, grid, is_office, len(self.definition.readable(viewer)))

    def read(self, household: str, person: Person, purpose: HouseholdPurpose) -> FormPage:
        """Read one form with its history; audited with the fields that were shown.

        Raises:
            NotFound: it is none of this person's business, or there is no such household.
        """
        with self.database.write() as db:
            return self.read_in(db, household, self.viewer(db, household, person), person, purpose)

    def write(
        self, household: str, person: Person, typed: Mapping[str, str], *, expect: int
    ) -> int:
        """Add what differs from what is kept; return how many answers were added.

        Raises:
            NotFound: the household is not theirs.
            NotAllowed: a field is not theirs to write.
            InvalidInput: an answer cannot be used; nothing is kept.
            StaleState: somebody wrote since the page was shown.
        """
        with self.database.write() as db:
            viewer = self.viewer(db, household, person)
            written = Written(self.now(), person.name, PAGE, self.definition.version)
            return self.write_in(db, household, viewer, typed, written, expect=expect)

    def viewer(self, db: Session, household: str, person: Person) -> Viewer:
        """Find out as whom somebody stands before a household's form.

        Raises:
            NotFound: as nobody. Whether there is such a household is not told.
        """
        home = people.home(db, household)
        if home is not None and person.role is Role.OFFICE:
            return Viewer.OFFICE
        if home is not None and home.cadre in own_numbers(db, person):
            return Viewer.CADRE
        raise NotFound(
            "没有归您查看的这一户。",
            remedy="只有本户的联系干部和县联系办可以查看；账号由 evalsys user scope 绑定干部编号。",
        )

    def read_in(
        self,
        db: Session,
        household: str,
        viewer: Viewer,
        person: Person,
        purpose: HouseholdPurpose,
        *,
        action: str = "household_form.read",
    ) -> FormPage:
        """Read a form in the transaction that is open; audited in it."""
        fields = self.definition.readable(viewer)
        seen = {one.code for one in fields}
        told = [one for one in store.history(db, self.box, household) if one.field in seen]
        detail = {
            "purpose": purpose.value,
            "fields": sorted({one.field for one in told}),
            "form": self.definition.version,
        }
        self._note(db, person.name, action, f"household:{household}", detail)
        head, grid = store.head_of(db, household) or ("", "")
        return FormPage(
            household=household,
            head=head,
            grid=grid,
            viewer=viewer,
            definition=self.definition,
            fields=fields,
            writable=frozenset(one.code for one in self.definition.writable(viewer)),
            answers={one.field: one for one in told},
            entries=store.count(db, household),
            history=tuple(reversed(told)),
        )

    def write_in(
        self,
        db: Session,
        household: str,
        viewer: Viewer,
        typed: Mapping[str, str],
        written: Written,
        *,
        expect: int | None,
    ) -> int:
        """Add answers in the transaction that is open; audited in it, by field and never by value.

        Raises:
            NotAllowed, InvalidInput, StaleState: as `write`.
        """
        given = self._checked(viewer, typed)
        kept = store.answers(db, self.box, (household,)).get(household, {})
        wanted = changes(
            self.definition.fields, {code: one.value for code, one in kept.items()}, given
        )
        number = store.append(db, self.box, {household: wanted}, written, expect=expect)
        detail = {"fields": sorted(wanted), "form": self.definition.version, "from": written.source}
        self._note(db, written.actor, "household_form.write", f"household:{household}", detail)
        return number

    def _checked(self, viewer: Viewer, typed: Mapping[str, str]) -> dict[str, str]:
        allowed = {one.code: one for one in self.definition.writable(viewer)}
        given: dict[str, str] = {}
        for code, text in typed.items():
            field = allowed.get(code)
            if field is None:
                raise NotAllowed(
                    f"“{code[:24]}”这一项不归您填写。", remedy="请只填页面上列出的各项。"
                )
            given[code] = read_answer(field, text)
        return given

    def _note(
        self, db: Session, actor: str, action: str, subject: str, detail: Mapping[str, object]
    ) -> None:
        audit.record(db, self.now(), actor, action, subject, detail)


def own_numbers(db: Session, person: Person) -> frozenset[str]:
    """Give the cadre numbers that an account acts for; only those of a cadre's account count."""
    if person.role is not Role.CADRE:
        return frozenset()
    return frozenset(
        each.code for each in people.own_scopes(db, person.name) if each.kind is PartyKind.CADRE
    )


def purpose_of(written: str) -> HouseholdPurpose:
    """Read a purpose.

    Raises:
        InvalidInput: none was named, so nothing is shown.
    """
    try:
        found = HouseholdPurpose(written)
    except ValueError:
        found = HouseholdPurpose.STAGE
    if found is HouseholdPurpose.STAGE:  # it opens no form, only the questions that were drawn
        raise InvalidInput(
            "没有说明查看民情表的用途。", remedy="请先选择用途；用途会记入审计日志。", place="用途"
        )
    return found
