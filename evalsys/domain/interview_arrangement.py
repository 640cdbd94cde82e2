"""In which order, which way round, and in which dialect one household is asked.

The order of the claim questions and the polarity of the keys are drawn anew for each interview,
so that neither the first place nor the first key favours anybody; what was drawn is recorded.
"""

import hashlib
from dataclasses import dataclass, replace

from evalsys.domain.interview import Question, Script, Topic
from evalsys.errors import InvalidInput

_TURNED = "!"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The topics in the order in which they are asked, and those that are turned round."""

    order: tuple[Topic, ...]
    turned: frozenset[Topic] = frozenset()

    def written(self) -> str:
        """Write it for the record: "consent pin solved! visited score comment"."""
        return " ".join(topic + _TURNED * (topic in self.turned) for topic in self.order)


def arrange(script: Script, seed: str) -> Arrangement:
    """Draw order and polarity; the same script and seed give the same arrangement."""
    rotating = sorted(script.rotates, key=lambda topic: _dice(seed, "order", topic))
    in_turn = iter(rotating)
    topics = (question.topic for question in script.questions)
    order = tuple(next(in_turn) if topic in script.rotates else topic for topic in topics)
    turned = frozenset(
        question.topic
        for question in script.questions
        if question.turned is not None and _dice(seed, "turned", question.topic)[0] & 1
    )
    return Arrangement(order, turned)


def as_written(script: Script) -> Arrangement:
    """Return the arrangement in which nothing is drawn."""
    return Arrangement(tuple(question.topic for question in script.questions))


def read_arrangement(text: str) -> Arrangement:
    """Read what `Arrangement.written` wrote.

    Raises:
        InvalidInput: it is no such text.
    """
    words = text.split()
    try:
        order = tuple(Topic(word.removesuffix(_TURNED)) for word in words)
    except ValueError as error:
        raise InvalidInput("问题次序的记录无法辨认。", place=text[:40]) from error
    return Arrangement(order, frozenset(t for t, w in zip(order, words, strict=True) if t != w))


def arranged(script: Script, arrangement: Arrangement, dialect: str = "") -> Script:
    """Return the script as this household hears it.

    What is not written in the dialect is said in the script's own words.
    """
    questions = tuple(
        _spoken(script, topic, dialect, is_turned=topic in arrangement.turned)
        for topic in arrangement.order
    )
    spoken = replace(script, questions=questions)
    voice = script.dialects.get(dialect)
    if voice is None:
        return spoken
    return replace(
        spoken,
        spoken_in=dialect,
        language=voice.language,
        again={**script.again, **voice.again},
        farewells={**script.farewells, **voice.farewells},
    )


def _spoken(script: Script, topic: Topic, dialect: str, *, is_turned: bool) -> Question:
    found = script.question(topic)
    if found is None:
        raise InvalidInput("记录的问题不在访谈脚本中。", place=topic)
    wording = found.turned if is_turned and found.turned is not None else found
    return wording.dialects.get(dialect, wording)


def _dice(seed: str, what: str, topic: Topic) -> bytes:
    return hashlib.sha256(f"interview/1|{seed}|{what}|{topic}".encode()).digest()
