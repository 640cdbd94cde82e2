"""The person who picks up: answers truthfully, in a human way, the same way for one seed."""

from dataclasses import dataclass
from enum import Enum, auto

from evalsys.exchange.dice import Dice
from evalsys.exchange.households import Behaviour, Household
from evalsys.exchange.listener import Meaning, Question, Topic, surname_asked, understand

BUSY_SHARE = 0.2
"""Of the calls that are not answered, those that find the line busy."""
HANG_UP_SHARE = 0.03
"""Of the answered calls, those in which the receiver is put down before the end."""
SILENT_SHARE = 0.02
"""Of the answered calls, those in which nobody ever says or presses anything."""
REFUSAL_SHARE = 0.02
"""Of the answered calls, those in which the household does not want to take part."""
WRONG_KEY_SHARE = 0.05
"""Of the questions, those first answered with a key that was not offered."""
SLOW_SHARE = 0.02
"""Of the questions, those answered only when asked again."""
MACHINE_SHARE = 0.02
"""Of the answered calls, those taken by an answering machine."""
MUSIC_SHARE = 0.005
"""Of the answered calls, those on which only music plays."""
WATCHED_SHARE = 0.02
"""Of the answered calls, those during which the cadre comes into the room."""
IMPATIENT_SHARE = 0.1
"""Of the questions, those answered before they are spoken to the end."""
LEAVE_SHARE = 0.05
"""Of the talks in company, those that the household leaves by the star key."""
DROP_SHARE = 0.03
"""Of the talks in company, those in which the receiver is put down."""
_LATEST_HANG_UP = 6
_BUILT_SHARE = 0.85
"""Of the households that were not told what they see, those that see a project built as agreed."""
_BUILT_UNSEEN_SHARE = 0.1
_UPKEEP_SHARE = 0.6
"""Of those that were not told, those that help to keep it up."""


class Fate(Enum):
    """What becomes of a dial."""

    ANSWERS = auto()
    BUSY = auto()
    NO_ANSWER = auto()
    NOT_IN_SERVICE = auto()


class Ending(Enum):
    """How a person ends a talk in company."""

    STAYS = auto()
    """Until sent away."""
    LEAVES = auto()
    """By the star key."""
    HANGS_UP = auto()


@dataclass(frozen=True, slots=True)
class Talk:
    """What a person does in company: speaks, then stays or goes; all from the beginning on."""

    speaks_seconds: float
    stays_seconds: float
    ending: Ending


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a person does about a question; no keys and no hang-up: nothing at all."""

    keys: str = ""
    after_seconds: float = 0.0
    """From the end of the question."""
    hangs_up: bool = False


class Person:
    """One household during one call."""

    def __init__(
        self,
        household: Household | None,
        seed: int,
        number: str,
        attempt: int,
        *,
        hour: int | None = None,
    ) -> None:
        """Seat the household at `number` for its `attempt`-th call; None: not in service.

        `hour` of the day, where the household answers more readily at some than at others.
        """
        self._household = household
        self._dice = Dice(seed, number, attempt)
        self._home = Dice(seed, number)
        """What the household thinks is the same in every call."""
        self._hour = hour
        self._asked = 0
        self._last_question: Question | None = None
        self._times_heard: dict[Question, int] = {}
        self._way_out = ""
        """The key that says "I cannot speak now", once it was offered."""
        self._behaviour = household.behaviour if household else None
        self._behaviour = self._behaviour or self._by_chance()
        self._hang_up_at = (
            self._dice.between("hang-up at", 1, _LATEST_HANG_UP)
            if self._behaviour is Behaviour.HANGS_UP
            else 0
        )
        self._watched_from = self._dice.between("watched from", 2, 4)

    def _by_chance(self) -> Behaviour:
        shares = (
            (Behaviour.SILENT, "silent", SILENT_SHARE),
            (Behaviour.MACHINE, "machine", MACHINE_SHARE),
            (Behaviour.MUSIC, "music", MUSIC_SHARE),
            (Behaviour.HANGS_UP, "hang-up", HANG_UP_SHARE),
            (Behaviour.WATCHED, "watched", WATCHED_SHARE),
            (Behaviour.REFUSES, "refusal", REFUSAL_SHARE),
        )
        for behaviour, name, share in shares:
            if self._dice.share(name) < share:
                return behaviour
        return Behaviour.USUAL

    @property
    def fate(self) -> Fate:
        """What becomes of this dial."""
        if self._household is None:
            return Fate.NOT_IN_SERVICE
        if self._dice.share("answers") * 100 < self._household.answers_at(self._hour):
            return Fate.ANSWERS
        return Fate.BUSY if self._dice.share("busy") < BUSY_SHARE else Fate.NO_ANSWER

    @property
    def drops_after_seconds(self) -> float:
        """When the other end hangs up by itself, from the answer on; 0: not by itself."""
        if self._behaviour is Behaviour.MACHINE:
            return self._dice.within("machine", 20.0, 45.0)
        return 0.0

    @property
    def kind(self) -> str:
        """What a detection of machines says of who answered; who is silent cannot be told."""
        match self._behaviour:
            case Behaviour.MACHINE:
                return "machine_start"
            case Behaviour.SILENT | Behaviour.MUSIC:
                return "unknown"
            case _:
                return "human"

    @property
    def is_music(self) -> bool:
        """Whether music plays on the line."""
        return self._behaviour is Behaviour.MUSIC

    @property
    def ring_seconds(self) -> float:
        """How long it rings before somebody answers."""
        return self._dice.within("ring", 2.0, 14.0)

    def react(self, text: str) -> Reaction:
        """Return what the person does when the voice falls silent after `text`."""
        self._asked += 1
        if self._hang_up_at and self._asked >= self._hang_up_at:
            return Reaction(hangs_up=True, after_seconds=self._throw("leaves", 0.5, 3.0))
        question = understand(text)
        self._way_out = question.key_for(Meaning.NOT_FREE) or self._way_out
        if self._is_watched:
            after = self._throw("watched", 0.5, 3.0)
            return Reaction(self._way_out, after, hangs_up=not self._way_out)
        if not _asks(question) and self._last_question is not None:
            question = self._last_question
        self._last_question = question
        key = self._key(question)
        if self._is_absent or not key:
            return Reaction()
        heard = self._times_heard[question] = self._times_heard.get(question, 0) + 1
        if heard == 1 and self._chance("slow") < SLOW_SHARE:
            return Reaction()
        if heard == 1 and self._chance("wrong") < WRONG_KEY_SHARE:
            key = self._wrong_key(question) + key[1:]
        return Reaction(
            key,
            after_seconds=self._throw("latency", 0.6, 3.2),
        )

    def interrupts(self, text: str) -> str:
        """Return the key that an impatient person presses while `text` is still being spoken."""
        if self._behaviour is not Behaviour.USUAL or self._chance("impatient") >= IMPATIENT_SHARE:
            return ""
        key = self._key(understand(text))
        return key if len(key) == 1 else ""

    def talk(self) -> Talk:
        """Return what the person does when put together with others."""
        is_certain = self._household is not None and self._household.behaviour is not None
        chance = 1.0 if is_certain else self._dice.share("talk ends")
        ending = Ending.STAYS
        if chance < LEAVE_SHARE:
            ending = Ending.LEAVES
        elif chance < LEAVE_SHARE + DROP_SHARE:
            ending = Ending.HANGS_UP
        speaks = self._dice.within("talk", 8.0, 60.0)
        return Talk(speaks, speaks + self._dice.within("stay", 5.0, 60.0), ending)

    def comment(self) -> str:
        """Return what the person says after the beep; empty for nothing."""
        if self._household is None or self._is_absent or not self._household.is_linked:
            return ""
        return self._household.comment

    def _key(self, question: Question) -> str:
        """Return the key that says what the household knows; empty when none does."""
        household = self._household
        if household is None:
            return ""
        if question.topic is Topic.SCORE:
            return question.key_for_score(household.score)
        return self._key_for(question, household)

    def _key_for(self, question: Question, household: Household) -> str:
        match question.topic:
            case Topic.PIN:
                return household.pin
            case Topic.CONSENT:
                return self._consent_key(question)
            case Topic.IDENTITY:
                return question.key_for(Meaning.YES if self._is_meant(question) else Meaning.NO)
            case Topic.VISITED:
                return self._claim_key(question, household.visited)
            case Topic.SOLVED:
                return self._claim_key(question, household.solved)
            case _:
                return self._voice_key(question, household)

    def _consent_key(self, question: Question) -> str:
        if self._behaviour is Behaviour.REFUSES:
            refusal = question.key_for(Meaning.NO) or question.key_for(Meaning.NOT_FREE)
            if refusal:
                return refusal
        return question.key_for(Meaning.YES)

    def _claim_key(self, question: Question, truth: bool | None) -> str:  # noqa: FBT001 - the answer itself
        if truth is None:
            return question.key_for(Meaning.UNSURE) or question.key_for(Meaning.NO)
        return question.key_for(Meaning.YES if truth else Meaning.NO)

    def _voice_key(self, question: Question, household: Household) -> str:
        """Return the key of a voice in a poll; of a question about nothing known, the yes."""
        match question.topic:
            case Topic.CHOICE:
                return self._choice_key(question, household.wants)
            case Topic.BUILT:
                return self._claim_key(question, self._sees_built(household))
            case Topic.UPKEEP:
                helps = household.tends
                helps = self._home.share("upkeep") < _UPKEEP_SHARE if helps is None else helps
                return question.key_for(Meaning.YES if helps else Meaning.NO)
            case _:
                return question.key_for(Meaning.YES)

    def _choice_key(self, question: Question, wants: str) -> str:
        """Choose by the words, so that it is the same thing under whatever key."""
        things = [each for each in question.options if each.meaning is Meaning.YES]
        wanted = [each for each in things if wants and wants in each.words]
        chosen = wanted or sorted(things, key=lambda each: self._home.share(each.words))
        return chosen[0].key if chosen else ""

    def _sees_built(self, household: Household) -> bool | None:
        if household.built is not None:
            return household.built
        share = self._home.share("built")
        if share < _BUILT_UNSEEN_SHARE:
            return None
        return share < _BUILT_UNSEEN_SHARE + _BUILT_SHARE

    def _is_meant(self, question: Question) -> bool:
        household = self._household
        if household is None or not household.is_linked:
            return False
        surname = surname_asked(question.text)
        return not surname or not household.head or household.head.startswith(surname)

    def _wrong_key(self, question: Question) -> str:
        others = [key for key in "0123456789" if key not in question.keys]
        return others[int(self._chance("which") * len(others))] if others else ""

    @property
    def _is_watched(self) -> bool:
        return self._behaviour is Behaviour.WATCHED and self._asked >= self._watched_from

    @property
    def _is_absent(self) -> bool:
        return self._behaviour in {Behaviour.SILENT, Behaviour.MACHINE, Behaviour.MUSIC}

    def _chance(self, name: str) -> float:
        return self._dice.share(f"{name} {self._asked}")

    def _throw(self, name: str, least: float, most: float) -> float:
        return self._dice.within(f"{name} {self._asked}", least, most)


def _asks(question: Question) -> bool:
    """Say whether a text asks for keys: those it offers, or those of the letter."""
    return bool(question.keys) or question.topic is Topic.PIN
