"""The interview of a household 联系户: a script as data, and what follows each key.

The caller's place in the interview is an `Ask` (which question, which try). A webhook
brings an `Event` that happened there; `next_step` answers with the next `Step` and with
the `Fact` that was learnt, if any. Pure: the same place and event give the same turn,
so a call goes on from the database after a restart (telephony, section 5; Y30, Y34).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.live.words import Reply


class Topic(StrEnum):
    """What a question is about, in the order in which a script asks."""

    CONSENT = "consent"
    IDENTITY = "identity"
    VISITED = "visited"
    SOLVED = "solved"
    SCORE = "score"
    COMMENT = "comment"


class Hint(StrEnum):
    """Why a question is asked once more."""

    FIRST = "first"
    SILENT = "silent"
    WRONG = "wrong"


class Ending(StrEnum):
    """How a conversation ends; each has its own words in the script."""

    THANKS = "thanks"
    REFUSED = "refused"
    NOT_LINKED = "not_linked"
    SILENT = "silent"
    """Nobody pressed a valid key after the last re-prompt."""
    CLOSED = "closed"
    """The call is no longer wanted: the calls of the slot are closed."""
    FAULT = "fault"
    """Our own failure, said politely."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `keys` maps a key to a `Reply` or a score, empty for the comment."""

    topic: Topic
    say: str
    say_known: str
    """Spoken instead of `say` when the record holds what it mentions; may be empty."""
    keys: Mapping[str, str]


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

    def question(self, topic: Topic) -> Question | None:
        """Return the question on `topic`, or nothing when the script does not ask it."""
        return next((each for each in self.questions if each.topic is topic), None)


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


Event = Pressed | Silence | Spoken


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
class Commented:
    """The household left a spoken comment."""

    recording: str


Fact = Replied | Scored | Commented


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
    if at.topic is Topic.COMMENT:
        return _comment(script, event)
    question = script.question(at.topic)
    if question is None:
        # The script lost the question, which a version that is immutable cannot.
        return Turn(Farewell(Ending.FAULT))
    if not isinstance(event, Pressed):
        return Turn(_again(script, at, Hint.SILENT))
    answer = question.keys.get(event.key)
    if answer is None:
        return Turn(_again(script, at, Hint.WRONG))
    if at.topic is Topic.SCORE:
        return Turn(_after(script, at.topic), Scored(int(answer)))
    fact = Replied(at.topic, Reply(answer))
    ending = _ENDS.get(fact)
    return Turn(Farewell(ending) if ending else _after(script, at.topic), fact)


_ENDS: Mapping[Replied, Ending] = {
    Replied(Topic.CONSENT, Reply.NO): Ending.REFUSED,
    Replied(Topic.IDENTITY, Reply.NO): Ending.NOT_LINKED,
}


def _comment(script: Script, event: Event) -> Turn:
    done = _after(script, Topic.COMMENT)
    # A key at once leaves a recording of nothing; the carrier counts whole seconds.
    if isinstance(event, Spoken) and event.seconds > 0:
        return Turn(done, Commented(event.recording))
    return Turn(done)


def _again(script: Script, at: Ask, hint: Hint) -> Step:
    if at.tries > script.reprompts:
        return Farewell(Ending.SILENT)
    return Ask(at.topic, at.tries + 1, hint)


def _after(script: Script, topic: Topic) -> Step:
    topics = [question.topic for question in script.questions]
    rest = topics[topics.index(topic) + 1 :]
    return Ask(rest[0]) if rest else Farewell(Ending.THANKS)
