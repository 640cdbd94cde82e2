"""The closed sets of words of a live session 直播调查大会."""

from enum import StrEnum


class Phase(StrEnum):
    """Where the session stands; one obvious next step leads out of each."""

    PLANNED = "planned"
    FROZEN = "frozen"
    CEREMONY = "ceremony"
    SEEDED = "seeded"
    DRAWN = "drawn"
    NAMED = "named"
    ANSWERING = "answering"
    CALLING = "calling"
    VOTING = "voting"
    TALLIED = "tallied"
    JUDGED = "judged"
    CLOSED = "closed"
    SEALED = "sealed"


class SessionKind(StrEnum):
    """What a session hears (Y32, Y38)."""

    CADRE = "cadre"
    PROGRAMME = "programme"
    ASSEMBLY = "assembly"
    """Units promise in public 落实承诺大会."""


class AgendaOrder(StrEnum):
    """How the issues of a pledge assembly come in order; declared in the plan (Y69)."""

    FIXED = "fixed"
    """As the agenda has them."""
    DRAWN = "drawn"
    """By dice, over the published agenda."""


class Presence(StrEnum):
    """How a drawn cadre answers (Y45): whoever is drawn need not have come to the hall (Y48)."""

    IN_PERSON = "in_person"
    BY_PHONE = "by_phone"
    ABSENT = "absent"


class NamedBy(StrEnum):
    """Who may name a cadre 点名, which is never a draw (Y33, Y35)."""

    PANEL = "panel"
    CHAIR = "chair"
    MEDIA = "media"


class Verdict(StrEnum):
    """What the households' answers made of the cadre's account (Y46, Y53-Y55)."""

    CONFIRMED = "confirmed"
    NOT_DONE = "not_done"
    ACCOUNTS_DIFFER = "accounts_differ"
    FAKED_SUSPECTED = "faked_suspected"


class ObjectionKind(StrEnum):
    """What somebody says is wrong with the frozen roster 名册异议."""

    MISSING = "missing"
    """A serving cadre is not in it."""
    NOT_SERVING = "not_serving"
    """Somebody who left the post is in it."""
    WRONG_STRATUM = "wrong_stratum"
    WRONG_HOUSEHOLDS = "wrong_households"
    """Households are missing, or are none of this cadre's."""
    WRONG_WEIGHT = "wrong_weight"


class RecallOutcome(StrEnum):
    """What the auditor heard when a sampled household was called again."""

    AGREES = "agrees"
    """It confirms what the session recorded."""
    DIFFERS = "differs"
    NOT_THIS_HOUSEHOLD = "not_this_household"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


class CallStatus(StrEnum):
    """Twilio's words for a call, as far as screens and rules care."""

    PLACED = "placed"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    CANCELED = "canceled"
    VOID = "void"
    """The carrier was away and nothing rang: not an attempt."""


ENDED = frozenset(
    {
        CallStatus.COMPLETED,
        CallStatus.BUSY,
        CallStatus.NO_ANSWER,
        CallStatus.FAILED,
        CallStatus.CANCELED,
        CallStatus.VOID,
    }
)


_RANK = {CallStatus.PLACED: 0, CallStatus.RINGING: 1, CallStatus.IN_PROGRESS: 2}


def supersedes(later: CallStatus, earlier: CallStatus) -> bool:
    """Say whether `later`, arriving now, changes what is known; all final words rank alike."""
    return _RANK.get(later, len(_RANK)) > _RANK.get(earlier, len(_RANK))


class Reply(StrEnum):
    """A household's answer to one question."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class CallsEnd(StrEnum):
    """Why no further household is called in this round."""

    TARGET_REACHED = "target_reached"
    LIST_EXHAUSTED = "list_exhausted"
    TIME_UP = "time_up"


class AirEnd(StrEnum):
    """Why a household's line is not on air, or not any more."""

    PASSED = "passed"
    """An earlier one was taken, or nobody took it in time: it is asked by keys."""
    WITHDRAWN = "withdrawn"
    """It took its consent back with the star key."""
    RELEASED = "released"
    """The operator thanked it and sent it back to the keys."""
    HUNG_UP = "hung_up"


class StageRole(StrEnum):
    """Whose line it is, other than a household's, in the stage's conference."""

    HALL = "hall"
    CADRE = "cadre"
    FEED = "feed"
    """Feeds a transmitter: it hears the hall, some seconds later, and nobody hears it."""


class TeamCategory(StrEnum):
    """Who must be on an investigation team 调查组 (Y54)."""

    DISCIPLINE = "discipline"
    PEOPLES_DEPUTY = "peoples_deputy"
    CPPCC_MEMBER = "cppcc_member"
    MASS_REPRESENTATIVE = "mass_representative"


class DiceSource(StrEnum):
    """Where digits came from: cups on stage, or the operating system in a rehearsal."""

    CUPS = "cups"
    REHEARSAL = "rehearsal"


class BeaconChoice(StrEnum):
    """Which public randomness a session waits for beside its dice; fixed by the manifest."""

    NONE = "none"
    """Dice alone, which is weaker."""
    QUICKNET = "quicknet"
    DEFAULT = "default"


class Purpose(StrEnum):
    """What digits or a round of the beacon decide."""

    MASTER = "master"
    SLOT = "slot"
    HOUSEHOLDS = "hh"


class Clerk(StrEnum):
    """The two recording clerks 记录员, who type without seeing each other's digits."""

    A = "A"
    B = "B"


class TypedAgain(StrEnum):
    """Why the clerks type the same dice once more; they are never rolled again."""

    MISMATCH = "mismatch"
    READ_BACK = "read_back"
    """Whoever read the digits back in the hall heard one that the cups do not show."""


class Output(StrEnum):
    """A picture that the director may black out. Desks where people work are none."""

    STAGE = "stage"
    LED = "led"
    """The hall's LED wall, in ratios of its own."""
    OVERLAY = "overlay"
    MONITOR = "monitor"
    """The host's confidence monitor."""
    SUBVENUE = "subvenue"
    PADS = "pads"
    PUBLIC = "public"
    """The public page, for the press too."""
    WATCH = "watch"
    """The files for everybody at home."""


class GoStep(StrEnum):
    """A step that the director sets on STANDBY before GO; the console's word for it."""

    OPEN_CEREMONY = "open_ceremony"
    CONFIRM_DICE = "confirm_dice"
    DRAW_NEXT = "draw_next"
    NAME_CADRE = "name_cadre"
    OPEN_CALLS = "open_calls"
    CALL_ISSUE = "call_issue"
    OPEN_VOTE = "open_vote"
    CLOSE_VOTE = "close_vote"
    GIVE_VERDICT = "give_verdict"
    CLOSE = "close"
    SEAL = "seal"
    ABORT = "abort"


IRREVERSIBLE = frozenset(
    {
        GoStep.CONFIRM_DICE,
        GoStep.DRAW_NEXT,
        GoStep.NAME_CADRE,
        GoStep.SEAL,
        GoStep.ABORT,
    }
)
"""Steps that nothing can take back: a session with two keys wants a second person's for them."""


class ShowCheck(StrEnum):
    """A line of the checklist before the show 开播检查."""

    ROSTER = "roster"
    MANIFEST = "manifest"
    AGENDA = "agenda"
    """An assembly's agenda is public."""
    EXCHANGE = "exchange"
    """The carrier answers."""
    LINES = "lines"
    TALLY = "tally"
    SEATS = "seats"
    DISK = "disk"
    CLOCK = "clock"
    BACKUP = "backup"
    HALL = "hall"
    PICTURES = "pictures"
    FONTS = "fonts"
    """Every screen draws every name of the roster."""


class CheckItem(StrEnum):
    """What a person must have looked at before the show, since no program can."""

    LINES = "lines"
    """A test call was heard over the hall's line and a household's."""
    BACKUP = "backup"
    """A backup was made and read back."""
    HALL = "hall"
    """Picture and sound of the hall, and the exits."""
