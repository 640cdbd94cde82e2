"""What an editor may change of the clocks: dated values, the calendar, which unit has a class.

A value holds for requests received from its first day on, never for earlier ones: a clock cannot be
changed behind the back of whoever it runs for. Nothing is overwritten; a later entry for the same
day takes the place of an earlier one, and both stay (L24, Y86, G10).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from evalsys.domain.casework.policy import Number, Policy
from evalsys.domain.rulebook import Dated
from evalsys.domain.working_days import SATURDAY
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput

MOST_DAYS = 400
MOST_LISTED = 1000
LONGEST_DAY_NAME = 50
MOST_AHEAD = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class DatedValue:
    """A value of a limit, a pause or a number from a day on."""

    name: str
    """Such as limit.default, pause.court, number.verify_days."""
    value: int
    since: date
    document: str
    """What it rests on."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Route:
    """Which unit requests of a class go to from a day on; empty for none of its own (L24)."""

    class_code: str
    unit: str
    since: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CalendarVersion:
    """The calendar as somebody kept it."""

    holidays: Mapping[date, str]
    make_up: Mapping[date, str]
    """Weekend days that are worked 调休上班日."""
    by: str
    at: datetime


def changeable(policy: Policy) -> Mapping[str, Number]:
    """List the numbers that may be given values, by name, in the order of the policy."""
    return {
        **{f"limit.{name}": each.days for name, each in policy.limits.items()},
        **{
            f"extension.{name}": each.extension
            for name, each in policy.limits.items()
            if each.extension is not None
        },
        **{f"pause.{name}": each.cap for name, each in policy.pauses.items()},
        **{f"number.{name}": each for name, each in policy.numbers.items()},
    }


def title_of(policy: Policy, name: str) -> str:
    """Name a number as people read it."""
    kind, _dot, key = name.partition(".")
    if kind == "pause":
        return policy.pauses[key].title
    if kind in {"limit", "extension"}:
        return policy.limits[key].title
    return policy.numbers[key].title


def with_values(policy: Policy, values: Iterable[DatedValue]) -> Policy:
    """Return the policy with values put behind its own; those of one number in their order."""
    by_name: dict[str, list[DatedValue]] = {}
    for each in values:
        by_name.setdefault(each.name, []).append(each)
    if not by_name:
        return policy

    def changed(name: str, number: Number) -> Number:
        return _changed(number, by_name.get(name, ()))

    limits = {
        key: replace(
            each,
            days=changed(f"limit.{key}", each.days),
            extension=each.extension and changed(f"extension.{key}", each.extension),
        )
        for key, each in policy.limits.items()
    }
    pauses = {
        key: replace(each, cap=changed(f"pause.{key}", each.cap))
        for key, each in policy.pauses.items()
    }
    numbers = {key: changed(f"number.{key}", each) for key, each in policy.numbers.items()}
    return replace(policy, limits=limits, pauses=pauses, numbers=numbers)


def _changed(number: Number, values: Sequence[DatedValue]) -> Number:
    found = number.values
    for new in sorted(values, key=lambda each: (each.since, each.at)):
        kept = [
            dated
            if dated.until is not None and dated.until < new.since
            else replace(dated, until=new.since - timedelta(days=1))
            for dated in found
            if dated.since < new.since
        ]
        found = (*kept, Dated(new.value, new.since))
    return replace(number, values=found)


def check_value(new: DatedValue, policy: Policy, today: date) -> None:
    """Say whether a value can be kept.

    Raises:
        InvalidInput: there is no such number, it is out of range, begins in the past or far ahead,
            or names no document.
    """
    number = changeable(policy).get(new.name)
    if number is None:
        raise InvalidInput(f"没有“{new.name}”这一项。", remedy="请从列出的项目里选。", place="项目")
    most = 100 if number.unit == "%" else MOST_DAYS
    least = 1 if new.name.startswith("limit.") else 0
    if not least <= new.value <= most:
        raise InvalidInput(
            f"{new.value} 不行，应在 {least} 至 {most} 之间。", remedy="请核对数值。", place="数值"
        )
    if not today <= new.since <= today + MOST_AHEAD:
        raise InvalidInput(
            f"生效日 {new.since} 不行：只能从今天起，且在三年之内。",
            remedy="新的时限只管从那天起收到的诉求。",
            place="生效日",
        )
    if not one_line(new.document, "依据", longest=LONGEST_TEXT):
        raise InvalidInput("没有写依据。", remedy="请写文件名和条款。", place="依据")


def check_route(since: date, today: date) -> None:
    """Say whether a class may go to another unit from a day on.

    Raises:
        InvalidInput: the day lies behind or far ahead.
    """
    if not today <= since <= today + MOST_AHEAD:
        raise InvalidInput(
            f"生效日 {since} 不行：只能从今天起，且在三年之内。",
            remedy="已经交办的诉求不受影响。",
            place="生效日",
        )


def units_on(routes: Iterable[Route], day: date) -> Mapping[str, str]:
    """Say which unit has each class on a day: the latest entry that holds; "" takes it away."""
    found: dict[str, str] = {}
    for route in sorted(routes, key=lambda each: (each.since, each.at)):
        if route.since <= day:
            found[route.class_code] = route.unit
    return found


def read_days(text: str, place: str) -> dict[date, str]:
    """Read a table of days, one a line: the day, a space, what it is called.

    Raises:
        InvalidInput: a line holds no day, or one that another line holds; its place names it.
    """
    found: dict[date, str] = {}
    for n, line in enumerate(text.splitlines(), start=1):
        written, _space, name = line.strip().partition(" ")
        if not written:
            continue
        where = f"{place}第{n}行"
        try:
            day = date.fromisoformat(written)
        except ValueError as error:
            raise InvalidInput(
                f"“{written[:20]}”不是日期。", remedy="每行一天，如 2027-01-01 元旦。", place=where
            ) from error
        if day in found:
            raise InvalidInput(f"{day} 重复。", remedy="请只写一次。", place=where)
        found[day] = one_line(name, where, longest=LONGEST_DAY_NAME)
    if len(found) > MOST_LISTED:
        raise InvalidInput(
            f"{place}有 {len(found)} 天。", remedy=f"最多 {MOST_LISTED} 天。", place=place
        )
    return found


def check_calendar(holidays: Mapping[date, str], make_up: Mapping[date, str]) -> None:
    """Say whether a calendar makes sense.

    Raises:
        InvalidInput: a day is both, or a make-up day is no weekend day.
    """
    for day in sorted(holidays.keys() & make_up.keys()):
        raise InvalidInput(f"{day} 又放假又上班。", remedy="请从一张表里删去。", place="调休上班日")
    for day in sorted(make_up):
        if day.weekday() < SATURDAY:
            raise InvalidInput(
                f"{day} 不是周末，本来就上班。", remedy="请核对日期。", place="调休上班日"
            )
