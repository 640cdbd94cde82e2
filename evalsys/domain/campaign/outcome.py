"""How a household's case ended, by AAPOR's code, from what became of its attempts.

The frame is a list of known households: a dead number is a non-contact that needs a new
number, never "not eligible"; else a cadre could raise the rate by spoiling the phone book.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evalsys.domain.campaign.policy import Contact, Stop, Tried, counted, needs_new_number
from evalsys.domain.outcome_codes import OUTCOMES, OutcomeCode
from evalsys.domain.response_rates import Counts

_NOT_ATTEMPTED = "3.11"
_CARRIER_FAILED = "3.16"
_QUOTA_FILLED = "4.80"
_MACHINES_ONLY = "2.222"

# The first contact of this list that occurred decides: an interview outranks a refusal, a
# refusal outranks a household that was never reached.
_CODES: Sequence[tuple[Contact, str]] = (
    (Contact.COMPLETE, "1.1"),
    (Contact.PARTIAL, "1.2"),
    (Contact.REFUSED_FOR_GOOD, "2.112"),
    (Contact.REFUSED, "2.111"),
    (Contact.BROKEN_OFF, "2.12"),
    (Contact.HUNG_UP, "2.12"),
    (Contact.PIN_FAILED, "3.20"),
    (Contact.NOT_LINKED, "3.30"),
    (Contact.NOT_FREE, "2.21"),
    (Contact.SILENT, "2.20"),
    (Contact.DEAD_NUMBER, "2.20"),
    (Contact.NO_ANSWER, "2.20"),
    (Contact.BUSY, "2.20"),
    (Contact.MACHINE, "2.20"),
)


CODE_UNCALLED = {
    Stop.DO_NOT_CALL: "2.112",
    Stop.PROTECTED: "2.36",
    Stop.SPOKEN: _QUOTA_FILLED,  # nobody needs its answer any more
}
"""How a case is coded that is closed because its household may not or need not be called."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case stands, or ended."""

    code: OutcomeCode
    needs_new_number: bool = False


def outcome(history: Sequence[Tried], *, quota_filled: bool = False) -> Outcome:
    """Code a case; one that is still open is coded as if the campaign ended now."""
    tries = counted(history)
    code = _code(history, tries, quota_filled=quota_filled)
    return Outcome(OUTCOMES[code], needs_new_number(history))


def _code(history: Sequence[Tried], tries: Sequence[Tried], *, quota_filled: bool) -> str:
    if not tries:
        if quota_filled:
            return _QUOTA_FILLED
        failed = any(each.contact is Contact.CARRIER_FAILED for each in history)
        return _CARRIER_FAILED if failed else _NOT_ATTEMPTED
    contacts = {each.contact for each in tries}
    if contacts == {Contact.MACHINE}:
        return _MACHINES_ONLY
    return next(code for contact, code in _CODES if contact in contacts)


def count_outcomes(codes: Iterable[tuple[str, int]]) -> Counts:
    """Add up how many cases have each code, by group."""
    by_group = dict.fromkeys((each.group for each in OUTCOMES.values()), 0)
    for code, n in codes:
        by_group[OUTCOMES[code].group] += n
    return Counts(by_group)
