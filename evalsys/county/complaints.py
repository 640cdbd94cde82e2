"""What a made-up county complains of: texts whose common issue is known, for tests and benches.

Each text says one of 78 issues in the words of a person: who speaks, where, a subject, a trouble,
a wish, now and then something else in passing, and slips of the pen. The same seed gives the
same texts.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from evalsys.county.dice import Dice, apportion

ISSUES: Final = 78
"""As many as the case study's county found (Y26)."""
_PASSING_PER_MILLE: Final = 280
_SLIP_PER_MILLE: Final = 300
_BARE_PER_MILLE: Final = 260
"""Texts that leave the subject out or say it only roughly."""

_OPENINGS: Final = (
    "",
    "",
    "{place}的，",
    "我是{place}的村民，",
    "您好，我住{place}，",
    "群众反映：{place}",
    "来电人反映，{place}",
    "领导好，我想反映一下{place}",
    "本人系{place}居民，",
    "我们{place}这边",
    "替老人问一下，{place}",
)
_MIDDLES: Final = ("{s}{t}", "{s}的事，{t}", "{t}，说的是{s}", "关于{s}，{t}", "{s}一直{t}")
_ENDINGS: Final = (
    "",
    "",
    "，希望有关部门尽快解决",
    "，请领导重视一下，谢谢",
    "，打了好几次电话一直没人管",
    "，恳请给个说法",
    "，已经很长时间了",
    "，老百姓没办法",
    "，帮忙协调处理",
    "，问问到底归谁管",
    "，今年春天就说过",
)
_PASSING: Final = (
    "，顺便说一句{s}也不行",
    "，不比{s}那回事",
    "，还有{s}以后再说",
    "，前年{s}倒是解决了",
)
_FILLERS: Final = (
    "这个",
    "那边",
    "现在",
    "又",
    "还是",
    "根本",
    "真的",
    "都说",
    "去年",
    "俺",
    "嘛",
    "好像",
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """One common issue: how its subject is called, and what is said of it."""

    issue: str
    subjects: tuple[str, ...]
    troubles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A text, and the number (from 0) of the issue that it is about."""

    text: str
    issue: int


def troubles() -> tuple[Trouble, ...]:
    """Read the 78 issues of the made-up county."""
    with files("evalsys.county").joinpath("complaints.csv").open(encoding="utf-8") as file:
        return tuple(
            Trouble(
                row["issue"], tuple(row["subjects"].split("/")), tuple(row["troubles"].split("/"))
            )
            for row in csv.DictReader(file)
        )


def complaints(seed: int, count: int, places: Sequence[str]) -> Iterator[Complaint]:
    """Make `count` texts about places, some issues ten times as common as others."""
    every = troubles()
    dice = Dice(seed, "complaints")
    weights = [dice.uniform(0.3, 3.0) for _ in every]
    shares = apportion(count, weights, least=1)
    order = [number for number, share in enumerate(shares) for _ in range(share)]
    dice.shuffle(order)
    for number in order:
        yield Complaint(_said(dice, every, number, dice.one_of(places)), number)


def _said(dice: Dice, every: Sequence[Trouble], number: int, place: str) -> str:
    about = every[number]
    subject, trouble = dice.one_of(about.subjects), dice.one_of(about.troubles)
    if dice.happens(_BARE_PER_MILLE):
        middle = trouble if dice.happens(500) else f"{subject}的问题"
    else:
        middle = dice.one_of(_MIDDLES).format(s=subject, t=trouble)
    for _ in range(dice.randrange(3)):
        at = dice.randrange(len(middle) + 1)
        middle = middle[:at] + dice.one_of(_FILLERS) + middle[at:]
    passing = ""
    if dice.happens(_PASSING_PER_MILLE):
        named = dice.one_of(every)
        other = dice.one_of(named.subjects) + (
            dice.one_of(named.troubles) if dice.happens(150) else ""
        )
        passing = dice.one_of(_PASSING).format(s=other)
    text = dice.one_of(_OPENINGS).format(place=place) + middle + passing + dice.one_of(_ENDINGS)
    return _slipped(dice, text) if dice.happens(_SLIP_PER_MILLE) else text


def _slipped(dice: Dice, text: str) -> str:
    """Leave a character out, or put two the wrong way round."""
    at = dice.randrange(len(text) - 1)
    if dice.happens(500):
        return text[:at] + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
