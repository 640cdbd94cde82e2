"""When a household is called next, and when never again: the calling rules as one function.

What became of each attempt so far is a `Tried`; `next_attempt` answers with the moment of the
next call, or with the reason why there is none (telephony, section 5).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from evalsys.domain.campaign.calendar import Calendar, DayPart, Window


class Contact(StrEnum):
    """What became of one attempt."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    """Every needed question was answered, then the receiver was put down."""
    BROKEN_OFF = "broken_off"
    """Hung up in the middle; the next call goes on at the open question."""
    HUNG_UP = "hung_up"
    """Put down before anything was agreed."""
    SILENT = "silent"
    """Somebody or something answered; no valid key ever came (music, a silent line)."""
    REFUSED = "refused"
    """Said no: asked once more, by a person, a week later."""
    REFUSED_FOR_GOOD = "refused_for_good"
    """Said never again: on the do-not-call list."""
    NOT_FREE = "not_free"
    """Key 9: the answers are forgotten, another call comes at another hour."""
    NOT_LINKED = "not_linked"
    """Another family answered."""
    PIN_FAILED = "pin_failed"
    """Three wrong PINs: perhaps somebody else sits at this telephone."""
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    MACHINE = "machine"
    DEAD_NUMBER = "dead_number"
    CARRIER_FAILED = "carrier_failed"
    """Nothing rang: not an attempt."""
    AGREED = "agreed"
    """A person spoke with the household, and it will take a call: not an attempt."""
    NEW_NUMBER = "new_number"
    """The roster has another number for the household: not an attempt."""


class Stop(StrEnum):
    """Why a household is not called any more."""

    ANSWERED = "answered"
    REFUSED = "refused"
    DO_NOT_CALL = "do_not_call"
    NOT_LINKED = "not_linked"
    PIN_FAILED = "pin_failed"
    NEEDS_NEW_NUMBER = "needs_new_number"
    ATTEMPTS_USED = "attempts_used"
    QUOTA_FILLED = "quota_filled"
    PROTECTED = "protected"
    """The roster says that nobody calls it."""
    SPOKEN = "spoken"
    """It gave its voice in the poll another way."""


MOST_ATTEMPTS = 6
"""No policy may call a household more often; the database refuses a seventh attempt."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The numbers of the calling rules; a campaign records those it ran under."""

    most_attempts: int = MOST_ATTEMPTS
    least_days: int = 3
    """Over how many days the attempts are spread before a household is given up."""
    least_parts: int = 2
    """Over how many parts of the day."""
    busy_again: timedelta = timedelta(minutes=15)
    no_answer_again: timedelta = timedelta(hours=3)
    """Also after a silent line and a call that was put down."""
    not_free_again: timedelta = timedelta(hours=1)
    refused_again: timedelta = timedelta(days=7)
    longest_rest: timedelta = timedelta(seconds=30)
    """After failures of the carrier: 1 s, 2 s, 4 s, up to this."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One attempt that is over."""

    contact: Contact
    at: datetime
    """When it ended."""


@dataclass(frozen=True, slots=True)
class Due:
    """The next call; `by_person` when a machine must not ask again."""

    at: datetime
    by_person: bool = False


_NOT_COUNTED = frozenset({Contact.CARRIER_FAILED, Contact.AGREED, Contact.NEW_NUMBER})
_SAY_NOTHING = frozenset({Contact.CARRIER_FAILED, Contact.AGREED})
"""What tells nothing of a number."""
_LONGEST_DOUBLING = 10
_FINAL = {
    Contact.COMPLETE: Stop.ANSWERED,
    Contact.PARTIAL: Stop.ANSWERED,
    Contact.REFUSED_FOR_GOOD: Stop.DO_NOT_CALL,
    Contact.NOT_LINKED: Stop.NOT_LINKED,
    Contact.PIN_FAILED: Stop.PIN_FAILED,
    Contact.DEAD_NUMBER: Stop.NEEDS_NEW_NUMBER,
}


def counted(history: Sequence[Tried]) -> tuple[Tried, ...]:
    """Return the attempts that reached a telephone."""
    return tuple(each for each in history if each.contact not in _NOT_COUNTED)


def needs_new_number(history: Sequence[Tried]) -> bool:
    """Say whether the number that was dialled last is dead, and no other one came since."""
    about_numbers = [each.contact for each in history if each.contact not in _SAY_NOTHING]
    return bool(about_numbers) and about_numbers[-1] is Contact.DEAD_NUMBER


def next_attempt(
    history: Sequence[Tried],
    now: datetime,
    calendar: Calendar,
    policy: Policy,
    preferred: Window | None = None,
) -> Due | Stop:
    """Say when a household is called next, or why never again.

    Args:
        history: what became of each attempt, the oldest first.
        now: the present; no answer lies before it.
        calendar: windows and holidays.
        policy: the numbers of the rules.
        preferred: the household's own time, if it gave one.
    """
    tries = counted(history)
    stop = _stop(history, tries, policy)
    if stop is not None:
        return stop
    by_person = _waits_for_a_person(history)
    if not tries or history[-1].contact in {Contact.AGREED, Contact.NEW_NUMBER}:
        return Due(calendar.next_open(_rested(history, now, policy), preferred=preferred))
    last = tries[-1]
    earliest = max(_rested(history, now, policy), _again(last, calendar, policy))
    not_on, not_in = _still_to_spread(tries, calendar, policy)
    # A wish for a time of day gives way when another part of the day has to be tried.
    wish = None if not_in else preferred
    at = calendar.next_open(earliest, preferred=wish, not_on=not_on, not_in=not_in)
    return Due(at, by_person)


def _stop(history: Sequence[Tried], tries: Sequence[Tried], policy: Policy) -> Stop | None:
    if not tries:
        return None
    final = _FINAL.get(tries[-1].contact)
    is_replaced = final is Stop.NEEDS_NEW_NUMBER and not needs_new_number(history)
    if final is not None and not is_replaced:
        return final
    if sum(each.contact is Contact.REFUSED for each in tries) > 1:
        return Stop.REFUSED
    return Stop.ATTEMPTS_USED if len(tries) >= policy.most_attempts else None


def _waits_for_a_person(history: Sequence[Tried]) -> bool:
    for each in reversed(history):
        if each.contact in {Contact.REFUSED, Contact.AGREED}:
            return each.contact is Contact.REFUSED
    return False


def _again(last: Tried, calendar: Calendar, policy: Policy) -> datetime:
    match last.contact:
        case Contact.BUSY:
            return last.at + policy.busy_again
        case Contact.NOT_FREE:
            return last.at + policy.not_free_again
        case Contact.REFUSED:
            return last.at + policy.refused_again
        case Contact.MACHINE:
            return calendar.part_after(last.at)
        case _:
            return last.at + policy.no_answer_again


def _rested(history: Sequence[Tried], now: datetime, policy: Policy) -> datetime:
    """Return when the carrier has rested from its latest failures in a row."""
    failures = list(
        takewhile(lambda each: each.contact is Contact.CARRIER_FAILED, reversed(history))
    )
    if not failures:
        return now
    rest = timedelta(seconds=2 ** min(len(failures) - 1, _LONGEST_DOUBLING))
    return max(now, failures[0].at + min(rest, policy.longest_rest))


def _still_to_spread(
    tries: Sequence[Tried], calendar: Calendar, policy: Policy
) -> tuple[frozenset[date], frozenset[DayPart]]:
    """Name the days and parts that are barred, because the last attempts must be elsewhere."""
    left = policy.most_attempts - len(tries)
    days = frozenset(calendar.day_of(each.at) for each in tries)
    parts = frozenset(calendar.part_of(each.at) for each in tries)
    return (
        days if left <= policy.least_days - len(days) else frozenset(),
        parts if left <= policy.least_parts - len(parts) else frozenset(),
    )
