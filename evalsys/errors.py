"""The errors that may reach a person, each with a stable code and what to do next.

    EvalsysError
    ├── InvalidInput      400  what was typed or uploaded cannot be used
    ├── NotSignedIn       401  nobody is signed in
    ├── NotAllowed        403  this person may not do this
    ├── NotFound          404  there is no such thing
    ├── TooManyTries      429  wait before trying again
    ├── RuleViolation     409  a rule of the session forbids it
    │   ├── WrongPhase         not now
    │   ├── StaleState         somebody else acted first
    │   └── AlreadyScored      one person, one vote
    ├── OutsideFailure    502  something we depend on is away
    │   ├── LineDown           the telephone exchange
    │   │   └── AnswerLost     it may or may not have done what we asked
    │   └── BeaconSilent       the randomness beacon
    ├── NotLeading        503  another serving process took over from this one
    └── Tampered          500  the record was altered: stop and call the auditor

Each door renders them once: a web page or JSON, a socket acknowledgement, a
command-line exit code, a spoken apology.
"""

from typing import ClassVar

from typing_extensions import override


class EvalsysError(Exception):
    """Something went wrong that the person in front of it should understand.

    `what` says what and why, `remedy` says what to do next; both in Chinese, the
    interface's first language. `place` names file, sheet, row, column or field.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, remedy: str = "", place: str = "") -> None:
        """Say what happened, what to do next, and where."""
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place

    @override
    def __str__(self) -> str:
        """One line for a terminal or a log."""
        where = f"{self.place}: " if self.place else ""
        return f"{where}{self.what} {self.remedy}".rstrip()

    def to_json(self) -> dict[str, str]:
        """What programs are told, over HTTP and in socket acknowledgements."""
        return {
            "code": self.code,
            "what": self.what,
            "remedy": self.remedy,
            "place": self.place,
        }


class InvalidInput(EvalsysError):
    """What was typed or uploaded cannot be used."""

    code = "invalid_input"
    status = 400
    exit_code = 2


class NotSignedIn(EvalsysError):
    """Nobody is signed in."""

    code = "not_signed_in"
    status = 401


class NotAllowed(EvalsysError):
    """This person may not do this."""

    code = "not_allowed"
    status = 403


class NotFound(EvalsysError):
    """There is no such thing."""

    code = "not_found"
    status = 404


class TooManyTries(EvalsysError):
    """Wait before trying again."""

    code = "too_many_tries"
    status = 429


class RuleViolation(EvalsysError):
    """A rule of the session forbids it."""

    code = "rule_violation"
    status = 409


class WrongPhase(RuleViolation):
    """Not in this phase of the session."""

    code = "wrong_phase"


class StaleState(RuleViolation):
    """Somebody else acted first; the screen was out of date."""

    code = "stale_state"


class AlreadyScored(RuleViolation):
    """One person, one vote."""

    code = "already_scored"


class OutsideFailure(EvalsysError):
    """Something we depend on is away."""

    code = "outside_failure"
    status = 502


class LineDown(OutsideFailure):
    """The telephone exchange does not answer."""

    code = "line_down"


class AnswerLost(LineDown):
    """The telephone exchange may or may not have done what it was asked: look before repeating."""

    code = "answer_lost"


class BeaconSilent(OutsideFailure):
    """The randomness beacon does not answer."""

    code = "beacon_silent"


class DatabaseAway(OutsideFailure):
    """The database does not answer; whether the step was recorded is seen when it does."""

    code = "database_away"
    status = 503


class StorageFull(EvalsysError):
    """The disk is full or fails: nothing of the step was kept."""

    code = "storage_full"
    status = 507


class NotLeading(EvalsysError):
    """Another serving process took over; this one changes nothing any more."""

    code = "not_leading"
    status = 503
    exit_code = 3


class Tampered(EvalsysError):
    """The record was altered: stop and call the auditor."""

    code = "tampered"
