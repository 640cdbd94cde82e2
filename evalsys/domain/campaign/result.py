"""What the opened answers of a campaign told about one cadre, as it may be shown to anybody."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evalsys.domain.interview import Topic
from evalsys.domain.live.words import Reply
from evalsys.domain.scoring import HIDE_BELOW, LOWEST_HIGH_SCORE, Release, release
from evalsys.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Result:
    """One cadre's result of a campaign."""

    about: str
    scores: Release
    satisfied: int | None
    """Scores of 4 and 5; absent where no figure may be shown."""
    replies: Mapping[str, Mapping[str, int]]
    """By topic, how many said yes, no and not sure; without topics that too few answered."""


def result_of(
    about: str, answers: Iterable[tuple[str, str]], *, hide_below: int = HIDE_BELOW
) -> Result:
    """Count answers as (topic, value); their order does not matter.

    Fewer than `hide_below` scores publish no figure, fewer replies to a question none.

    Raises:
        InvalidInput: a value is no answer to its topic.
    """
    scores: list[int] = []
    replies: dict[str, Counter[str]] = {}
    for topic, value in answers:
        if topic == Topic.SCORE:
            scores.append(_score(value))
        else:
            asked, reply = _reply(topic, value)
            replies.setdefault(asked.value, Counter())[reply.value] += 1
    found = release(scores, hide_below=hide_below)
    shown = len(scores) >= max(1, hide_below)
    return Result(
        about=about,
        scores=found,
        satisfied=sum(score >= LOWEST_HIGH_SCORE for score in scores) if shown else None,
        replies={
            topic: {reply.value: counts[reply.value] for reply in Reply}
            for topic, counts in sorted(replies.items())
            if counts.total() >= hide_below
        },
    )


def _reply(topic: str, value: str) -> tuple[Topic, Reply]:
    try:
        return Topic(topic), Reply(value)
    except ValueError:
        raise InvalidInput("密封票里有不认识的回答。", remedy="请通知审计人员。") from None


def _score(value: str) -> int:
    if value not in {"1", "2", "3", "4", "5"}:
        raise InvalidInput("密封票里的分数不在 1 到 5 之间。", remedy="请通知审计人员。")
    return int(value)
