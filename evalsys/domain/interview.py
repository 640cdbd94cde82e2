"""The interview of a household 联系户: a script as data, and what follows each key.

The caller's place in the interview is an `Ask` (which question, which try). A webhook
brings an `Event` that happened there; `next_step` answers with the next `Step` and with
the `Fact` that was learnt, if any. Pure: the same place and event give the same turn,
so a call goes on from the database after a restart (telephony, section 5; Y30, Y34).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from evalsys.domain.interview_topic import Topic as Topic  # noqa: PLC0414 - also found here
from evalsys.domain.live.words import Reply


class Choice(StrEnum):
    """What a household may do with its spoken comment once it heard it."""

    KEEP = "keep"
    ANEW = "anew"
    DROP = "drop"


class Hint(StrEnum):
    """Why a question is asked once more."""

    FIRST = "first"
    SILENT = "silent"
    WRONG = "wrong"
    WRONG_PIN = "wrong_pin"


class Ending(StrEnum):
    """How a conversation ends; each has its own words in the script."""

    THANKS = "thanks"
    REFUSED = "refused"
    NOT_LINKED = "not_linked"
    SILENT = "silent"
    """Nobody pressed a valid key after the last re-prompt."""
    NOT_FREE = "not_free"
    """Somebody listens in, or there is no time: what was said is forgotten, another call comes."""
    NEVER = "never"
    """The household does not want to be called again."""
    PIN_FAILED = "pin_failed"
    """The last try at the PIN was wrong."""
    CLOSED = "closed"
    """The call is no longer wanted: the calls of the slot are closed."""
    FAULT = "fault"
    """Our own failure, said politely."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `keys` maps a key to a `Reply`, score or `Choice`; none for the comment."""

    topic: Topic
    say: str
    say_known: str
    """Spoken instead of `say` when the record holds what it mentions; may be empty."""
    keys: Mapping[str, str]
    turned: "Question | None" = None
    """The same question the other way round: "no" first, or the scale from the top."""
    dialects: Mapping[str, "Question"] = field(default_factory=dict)
    """The same question in a dialect, where somebody wrote it."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """A way of speaking 方言; what is not written in it is said in the script's own words."""

    language: str
    """Of the voice, as carriers name it."""
    again: Mapping[Hint, str]
    farewells: Mapping[Ending, str]
    key: str = ""
    """Chosen by it at the first question; empty when nobody can choose it."""
    offer: str = ""
    """Says so, in this way of speaking and before the first question."""
    name: str = ""
    """What people call it, such as 沂蒙话; for authors and operators, never spoken."""


@dataclass(frozen=True, slots=True)
class Script:
    """An interview as an author wrote it; `sha256` of the file is its identity."""

    name: str
    version: int
    sha256: str
    language: str
    reprompts: int
    answer_within_s: int
    comment_within_s: int
    questions: tuple[Question, ...]
    again: Mapping[Hint, str]
    farewells: Mapping[Ending, str]
    not_free_key: str = ""
    """Ends the call at any time and has it forgotten; empty when the script offers none."""
    never_key: str = ""
    """Ends the call at any time, and all further ones; empty when the script offers none."""
    pin_digits: int = 6
    pin_tries: int = 3
    rotates: tuple[Topic, ...] = ()
    """Neighbours that may be asked in any order."""
    dialects: Mapping[str, Dialect] = field(default_factory=dict)
    own_words: Dialect = Dialect("", {}, {})
    """How a household that hears a dialect comes back to the script's own words."""
    spoken_in: str = ""
    """The dialect in which it is spoken to this household; empty for its own words."""
    raw: bytes = field(default=b"", repr=False, compare=False)
    """The file that `sha256` is of."""

    def question(self, topic: Topic) -> Question | None:
        """Return the question on `topic`, or nothing when the script does not ask it."""
        return next((each for each in self.questions if each.topic is topic), None)

    @property
    def choices(self) -> Mapping[str, str]:
        """The keys that choose a dialect at the first question; "" is the script's own words."""
        offered = {"": self.own_words, **self.dialects}
        return {voice.key: code for code, voice in offered.items() if voice.key}

    def offers(self, step: "Step") -> tuple[Dialect, ...]:
        """Return the ways of speaking that are offered at `step`: all but the present one."""
        if not isinstance(step, Ask) or step.topic is not self.questions[0].topic:
            return ()
        offered = {"": self.own_words, **self.dialects}
        return tuple(v for code, v in offered.items() if v.key and code != self.spoken_in)


@dataclass(frozen=True, slots=True)
class Ask:
    """Ask `topic` for the `tries`-th time (from 1). A comment is listened to, not keyed."""

    topic: Topic
    tries: int = 1
    hint: Hint = Hint.FIRST


@dataclass(frozen=True, slots=True)
class Farewell:
    """Say good-bye and hang up."""

    ending: Ending


Step = Ask | Farewell


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key was pressed: one of 0-9, * and #."""

    key: str


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was pressed or said in time."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A comment was recorded: the carrier's name of the recording and its length."""

    recording: str
    seconds: int
    ended_by: str = ""
    """The key that ended it, if one did."""


@dataclass(frozen=True, slots=True)
class PinTyped:
    """A PIN was typed. Which one never comes here, only whether it is the household's."""

    is_right: bool


Event = Pressed | Silence | Spoken | PinTyped


@dataclass(frozen=True, slots=True)
class Replied:
    """The household answered a question other than the score."""

    topic: Topic
    reply: Reply


@dataclass(frozen=True, slots=True)
class Scored:
    """The household gave a score, 1 (worst) to 5 (best). Never logged, only sealed."""

    score: int


@dataclass(frozen=True, slots=True)
class Voted:
    """The household gave its voice in a project poll."""

    answer: str
    """As the poll's stage knows it: the number of an option, a score, yes, no or unsure."""


@dataclass(frozen=True, slots=True)
class Commented:
    """The household left a spoken comment."""

    recording: str


@dataclass(frozen=True, slots=True)
class Unsaid:
    """The household took its spoken comment back."""

    speaks_anew: bool


@dataclass(frozen=True, slots=True)
class Identified:
    """The household proved by its PIN who it is."""


@dataclass(frozen=True, slots=True)
class DialectChosen:
    """The household chose how it is spoken to; "" is the script's own words."""

    dialect: str


Fact = Replied | Scored | Voted | Commented | Unsaid | Identified | DialectChosen


@dataclass(frozen=True, slots=True)
class Turn:
    """What an event leads to: the next step, and what was learnt."""

    step: Step
    fact: Fact | None = None


def first_step(script: Script) -> Step:
    """Open the conversation."""
    return Ask(script.questions[0].topic)


def next_step(script: Script, at: Ask, event: Event) -> Turn:
    """Answer what happened at question `at`.

    A wrong key and a silence ask again, `script.reprompts` times, then the conversation
    ends. A comment may be left out without being asked for again.
    """
    way_out = _way_out(script, event)
    if way_out is not None:
        return Turn(way_out)
    question = script.question(at.topic)
    if question is None:
        # The script lost the question, which a version that is immutable cannot.
        return Turn(Farewell(Ending.FAULT))
    match question.topic:
        case Topic.COMMENT:
            return _comment(script, at, event)
        case Topic.REVIEW:
            return _review(script, question, at, event)
        case Topic.PIN:
            return _pin(script, at, event)
        case _:
            return _chosen(script, at, event) or _keyed(script, question, at, event)


MOST_CHOICES = 3
"""A household chooses how it is spoken to at most so often in one call."""


def _chosen(script: Script, at: Ask, event: Event) -> Turn | None:
    """Begin anew in the dialect whose key was pressed at the first question.

    Every choice has tries of its own, so that no two places of a call have one name.
    """
    is_first = at.topic is script.questions[0].topic
    if not is_first or not isinstance(event, Pressed) or event.key not in script.choices:
        return None
    before = (at.tries - 1) // (script.reprompts + 1)
    if before >= MOST_CHOICES:
        return None
    anew = Ask(at.topic, (before + 1) * (script.reprompts + 1) + 1)
    return Turn(anew, DialectChosen(script.choices[event.key]))


def _keyed(script: Script, question: Question, at: Ask, event: Event) -> Turn:
    if not isinstance(event, Pressed):
        return Turn(_again(script, at, Hint.SILENT))
    answer = question.keys.get(event.key)
    if answer is None:
        return Turn(_again(script, at, Hint.WRONG))
    if at.topic is Topic.SCORE:
        return Turn(_after(script, at.topic), Scored(int(answer)))
    if at.topic.is_vote:
        return Turn(_after(script, at.topic), Voted(answer))
    fact = Replied(at.topic, Reply(answer))
    ending = _ENDS.get(fact)
    return Turn(Farewell(ending) if ending else _after(script, at.topic), fact)


def _way_out(script: Script, event: Event) -> Farewell | None:
    """Return the farewell of a key that ends the call at any time."""
    match event:
        case Pressed(key) | Spoken(ended_by=key) if key:
            if key == script.not_free_key:
                return Farewell(Ending.NOT_FREE)
            if key == script.never_key:
                return Farewell(Ending.NEVER)
    return None


def _pin(script: Script, at: Ask, event: Event) -> Turn:
    match event:
        case PinTyped(True):
            return Turn(_after(script, Topic.PIN), Identified())
        case PinTyped(False):
            ending, hint = Ending.PIN_FAILED, Hint.WRONG_PIN
        case Pressed():  # one stray key: no PIN, and no silence
            ending, hint = Ending.SILENT, Hint.WRONG_PIN
        case _:
            ending, hint = Ending.SILENT, Hint.SILENT
    if at.tries >= script.pin_tries:
        return Turn(Farewell(ending))
    return Turn(Ask(Topic.PIN, at.tries + 1, hint))


_ENDS: Mapping[Replied, Ending] = {
    Replied(Topic.CONSENT, Reply.NO): Ending.REFUSED,
    Replied(Topic.IDENTITY, Reply.NO): Ending.NOT_LINKED,
}


MOST_TAKES = 3
"""A household speaks its comment at most so often."""


def take_of(script: Script, at: Ask) -> int:
    """Say which speaking of the comment a place of the interview is about, from 1."""
    if at.topic is Topic.REVIEW:
        return (at.tries - 1) // (script.reprompts + 1) + 1
    return at.tries


def _comment(script: Script, at: Ask, event: Event) -> Turn:
    done = _after(script, Topic.COMMENT)
    # A key at once leaves a recording of nothing; the carrier counts whole seconds.
    if not isinstance(event, Spoken) or event.seconds <= 0:
        return Turn(done)
    if script.question(Topic.REVIEW) is not None:
        # Every take has tries of its own, so that no two places of a call have one name.
        done = Ask(Topic.REVIEW, (at.tries - 1) * (script.reprompts + 1) + 1)
    return Turn(done, Commented(event.recording))


def _review(script: Script, question: Question, at: Ask, event: Event) -> Turn:
    """Do with a comment as its household says; silence keeps it."""
    done, take = _after(script, Topic.REVIEW), take_of(script, at)
    choice = question.keys.get(event.key) if isinstance(event, Pressed) else Choice.KEEP
    may_speak = take < MOST_TAKES
    match choice:
        case Choice.KEEP:
            return Turn(done)
        case Choice.DROP:
            return Turn(done, Unsaid(speaks_anew=False))
        case Choice.ANEW if may_speak:
            return Turn(Ask(Topic.COMMENT, take + 1), Unsaid(speaks_anew=True))
        case _:
            is_last = at.tries % (script.reprompts + 1) == 0
            return Turn(done if is_last else Ask(Topic.REVIEW, at.tries + 1, Hint.WRONG))


def _again(script: Script, at: Ask, hint: Hint) -> Step:
    if at.tries % (script.reprompts + 1) == 0:
        return Farewell(Ending.SILENT)
    return Ask(at.topic, at.tries + 1, hint)


def _after(script: Script, topic: Topic) -> Step:
    topics = [question.topic for question in script.questions]
    later = topics[topics.index(topic) + 1 :]
    rest = [each for each in later if each is not Topic.REVIEW]
    return Ask(rest[0]) if rest else Farewell(Ending.THANKS)
