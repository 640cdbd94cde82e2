"""The calendar, the limits and the routes of requests, changed by an editor from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evalsys.domain.casework.policy import Number
from evalsys.domain.casework.rule_changes import (
    CalendarVersion,
    DatedValue,
    Route,
    changeable,
    check_calendar,
    check_route,
    check_value,
    title_of,
)
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.store import audit, campaigns, casework_lists
from evalsys.store import casework_people as people
from evalsys.store import casework_rules as store

VERSIONS_SHOWN = 10


@dataclass(frozen=True, slots=True)
class RulesPage:
    """What an editor sees."""

    today: date
    holidays: Mapping[date, str]
    make_up: Mapping[date, str]
    versions: tuple[CalendarVersion, ...]
    numbers: Mapping[str, Number]
    """With every value, those that were kept here included."""
    titles: Mapping[str, str]
    values: tuple[DatedValue, ...]
    """What was kept here, the newest first."""
    routes: tuple[Route, ...]
    """The newest first."""
    assigned: Mapping[str, str]
    """Unit of each class today."""
    units: Mapping[str, str]
    classes: Mapping[str, str]
    """Names of the classes that the routes name, spelt out."""


class CaseworkRules:
    """Doors to what the clocks run by: every change has its day, its author and its version."""

    def __init__(self, desk: CaseworkDesk) -> None:
        """Change the rules that `desk` works by."""
        self._desk = desk

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self._desk.now(), self._desk.zone)

    def page(self) -> RulesPage:
        """Gather what an editor sees."""
        with self._desk.database.read() as db:
            policy = self._desk.clocks(db).policy
            classes = self._desk.classes(db)
            routes = store.routes(db)
            numbers = changeable(policy)
            named = {route.class_code for route in routes} | set(classes.assigned)
            return RulesPage(
                self.today(),
                campaigns.holidays(db),
                casework_lists.make_up_days(db),
                store.calendar_versions(db, VERSIONS_SHOWN),
                numbers,
                {name: title_of(policy, name) for name in numbers},
                tuple(reversed(store.values(db))),
                tuple(reversed(routes)),
                classes.assigned,
                dict(people.units(db)),
                {code: classes.title(code) for code in named},
            )

    def set_calendar(
        self, holidays: Mapping[date, str], make_up: Mapping[date, str], *, by: str
    ) -> bool:
        """Make a calendar the one in force; say whether it differs from the one before.

        Raises:
            InvalidInput: a day is both, or a make-up day is no weekend day.
        """
        check_calendar(holidays, make_up)
        with self._desk.database.write() as db:
            before = (dict(campaigns.holidays(db)), dict(casework_lists.make_up_days(db)))
            if before == (dict(holidays), dict(make_up)):
                return False
            at = self._desk.now()
            store.keep_calendar(db, CalendarVersion(holidays, make_up, by, at))
            detail = {"holidays": len(holidays), "make_up": len(make_up)}
            audit.record(db, at, by, "calendar.set", "calendar", detail)
            return True

    def set_value(self, name: str, value: int, since: date, document: str, *, by: str) -> None:
        """Give a limit, a pause or a number another value from a day on.

        Raises:
            InvalidInput: no such number, out of range, a day in the past, or no document.
        """
        with self._desk.database.write() as db:
            at = self._desk.now()
            new = DatedValue(name, value, since, document, by, at)
            check_value(new, self._desk.clocks(db).policy, self.today())
            store.add_value(db, new)
            detail = {"value": value, "since": since.isoformat()}
            audit.record(db, at, by, "casework.value", name, detail)

    def set_route(self, class_code: str, unit: str, since: date, *, by: str) -> None:
        """Send requests of a class, and of those below it, to a unit from a day on.

        Raises:
            InvalidInput: no such class or unit, or a day in the past.
        """
        with self._desk.database.write() as db:
            check_route(since, self.today())
            tree = self._desk.classes(db).tree
            if tree is None or class_code not in tree:
                raise InvalidInput(
                    f"没有分类 {class_code or '（空）'}。",
                    remedy="分类编码见分类体系页。",
                    place="分类编码",
                )
            if unit and unit not in dict(people.units(db)):
                raise InvalidInput(
                    f"没有单位 {unit}。", remedy="请从列出的单位里选。", place="单位"
                )
            at = self._desk.now()
            store.add_route(db, Route(class_code, unit, since, by, at))
            detail = {"unit": unit, "since": since.isoformat()}
            audit.record(db, at, by, "casework.route", class_code, detail)
