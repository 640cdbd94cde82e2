"""What a script has to be recorded for: every text that a household may hear, by name.

A text with names or dates in it differs from call to call: a voice synthesises it. Every other
one may be recorded, in the script's own language and in each dialect that words it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evalsys.domain.interview import Dialect, Hint, Question, Script, Topic
from evalsys.domain.interview_script import PLACEHOLDERS
from evalsys.errors import InvalidInput

_OWN_WORDS = Dialect("", {}, {})
_OWN = "own"
"""Ends the name of the offer of the script's own words."""
_VARYING = re.compile("|".join(re.escape(f"{{{name}}}") for name in sorted(PLACEHOLDERS)))


@dataclass(frozen=True, slots=True)
class Prompt:
    """One text of a script."""

    name: str
    """Of its clip, without `.wav`: topic, wording, why it is asked again, dialect."""
    text: str
    language: str
    """The folder of its clips."""
    is_own: bool
    """Whether the script words it in the dialect that was asked for; else it is in Mandarin."""

    @property
    def varies(self) -> bool:
        """Whether it holds what differs from call to call, so that nobody can record it."""
        return _VARYING.search(self.text) is not None


def dialect_names(scripts: Iterable[Script]) -> dict[str, str]:
    """Give what people call each dialect that `scripts` word: its code where none names it.

    A name in one script holds for the dialect's code in all; of several the last one counts.
    """
    names: dict[str, str] = {}
    for script in scripts:
        for code, voice in script.dialects.items():
            names[code] = voice.name or names.get(code, code)
    return names


def check_dialect(script: Script, dialect: str) -> None:
    """Let an author know who mistyped a dialect.

    Raises:
        InvalidInput: the script has no such dialect.
    """
    if dialect and dialect not in script.dialects:
        known = "、".join(script.dialects) or "无"
        raise InvalidInput(
            f"脚本 {script.name}-{script.version} 没有方言“{dialect[:16]}”。",
            remedy=f"可用的方言：{known}；新的方言写进新一版脚本。",
            place="--dialect",
        )


def prompts(script: Script, dialect: str = "") -> tuple[Prompt, ...]:
    """List every text of `script` as a household hears it, in a dialect or in its own words.

    Raises:
        InvalidInput: the script has no such dialect.
    """
    check_dialect(script, dialect)
    return tuple(_prompts(script, dialect))


def _prompts(script: Script, dialect: str) -> Iterator[Prompt]:
    """Write each text as the script does, beside as it is heard in the dialect."""
    voice = script.dialects.get(dialect, _OWN_WORDS)
    offered = voice if dialect else script.own_words
    if offered.offer:
        name = f"offer-{dialect or _OWN}"
        yield Prompt(name, offered.offer.strip(), offered.language, is_own=True)
    again = {**script.again, **voice.again}
    for question in script.questions:
        for name, wording in _wordings(question):
            heard = wording.dialects.get(dialect, wording)
            is_own = not dialect or heard is not wording
            for kind, said, own in (
                ("", heard.say, wording.say),
                ("-known", heard.say_known, wording.say_known),
            ):
                if not said:
                    continue
                yield _prompt(script, dialect, f"{name}{kind}", said, own, is_own=is_own)
                for hint in _hints(question.topic):
                    texts = again.get(hint, "") + said, script.again.get(hint, "") + own
                    yield _prompt(script, dialect, f"{name}{kind}-{hint}", *texts, is_own=is_own)
    for ending, own in script.farewells.items():
        is_own = not dialect or ending in voice.farewells
        text = voice.farewells.get(ending, own)
        yield _prompt(script, dialect, f"farewell-{ending}", text, own, is_own=is_own)


def _wordings(question: Question) -> Iterator[tuple[str, Question]]:
    yield question.topic.value, question
    if question.turned is not None:
        yield f"{question.topic}-turned", question.turned


def _hints(topic: Topic) -> tuple[Hint, ...]:
    """Return why a question may be asked once more, as the engine does."""
    match topic:
        case Topic.COMMENT:
            return ()
        case Topic.REVIEW:
            return (Hint.WRONG,)
        case Topic.PIN:
            return (Hint.SILENT, Hint.WRONG_PIN)
        case _:
            return (Hint.SILENT, Hint.WRONG)


def _prompt(
    script: Script, dialect: str, name: str, text: str, own: str, *, is_own: bool
) -> Prompt:
    """Name a text: what is said alike in Mandarin has one clip for both."""
    if text == own:
        return Prompt(name, text.strip(), script.language, is_own)
    language = script.dialects[dialect].language
    return Prompt(f"{name}-{dialect}", text.strip(), language, is_own)
