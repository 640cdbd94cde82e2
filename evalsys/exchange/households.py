"""The people behind the numbers: what each household knows, read from a truth file.

A truth file has one JSON object a line, one line a telephone number:
`{"phone": "+86...", "head": "王小明", "visited": true, "solved": null, "score": 4,
"comment": "…", "answers": 70, "linked": true}`; other fields are not looked at.
`visited` and `solved` may be null (does not know), `answers` is the chance in percent
that somebody picks up, `linked` false means that a stranger answers. Optional: `by_hour`
`{"19": 85, "10": 20}` overrides `answers` at hours of the day, `behaviour` one of
`Behaviour` in place of chance, `pin` the digits of the household's letter; for polls
`wants` (words in the name of the project that it wants first), `built` (whether it sees it
built as agreed) and `tends` (whether it helps to keep it up), each by chance when not given.
"""

import json
from array import array
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from evalsys.exchange.dice import Dice

_SAMPLE = 12


class TruthFileError(Exception):
    """The truth file cannot be used; the message names file and line."""


class Behaviour(StrEnum):
    """How somebody who picks up takes the call."""

    USUAL = "usual"
    MACHINE = "machine"
    """An answering machine: greets, and hangs up after half a minute."""
    SILENT = "silent"
    """Nobody ever says or presses anything."""
    MUSIC = "music"
    """A line on which music plays."""
    WATCHED = "watched"
    """The cadre comes into the room: the household says that it cannot speak, or hangs up."""
    REFUSES = "refuses"
    HANGS_UP = "hangs_up"


@dataclass(frozen=True, slots=True)
class Household:
    """What the people at one number know and would say."""

    number: str
    head: str = ""
    visited: bool | None = True
    solved: bool | None = True
    score: int = 4
    comment: str = ""
    answers_percent: int = 100
    is_linked: bool = True
    by_hour: Mapping[int, int] = field(default_factory=dict)
    """Chance in percent at hours of the day in which it differs."""
    behaviour: Behaviour | None = None
    """None: by chance."""
    pin: str = ""
    wants: str = ""
    built: bool | None = None
    """None: by chance."""
    tends: bool | None = None
    """None: by chance."""

    def answers_at(self, hour: int | None) -> int:
        """Return the chance in percent that somebody picks up."""
        return self.by_hour.get(-1 if hour is None else hour, self.answers_percent)


class Directory(Protocol):
    """Who is reachable under which number."""

    def at(self, number: str) -> Household | None:
        """Return the household at a number, None when the number is not in service."""

    def sample(self) -> list[Household]:
        """Return some households for people who want to try one out."""


class TruthFile:
    """A truth file, indexed: 16 bytes of memory a number, lines are read when needed."""

    def __init__(self, path: Path) -> None:
        """Index the file at `path`.

        Raises:
            TruthFileError: the file is missing, or a line is not a household.
        """
        self._path = path
        places: list[tuple[int, int]] = []
        try:
            with path.open("rb") as lines:
                offset = 0
                for number, line in enumerate(lines, 1):
                    if line.strip():
                        household = _household(line, f"{path}, line {number}")
                        places.append((_as_integer(household.number), offset))
                    offset += len(line)
        except OSError as error:
            message = f"{path}: {error.strerror}"
            raise TruthFileError(message) from error
        places.sort()
        self._numbers = array("Q", (number for number, _ in places))
        self._offsets = array("Q", (offset for _, offset in places))

    def __len__(self) -> int:
        return len(self._numbers)

    def at(self, number: str) -> Household | None:
        """Return the household at a number, None when it is not in the file."""
        if not number.startswith("+"):
            return None
        wanted = _as_integer(number)
        place = bisect_left(self._numbers, wanted)
        if place == len(self._numbers) or self._numbers[place] != wanted:
            return None
        return self._read(self._offsets[place])

    def sample(self) -> list[Household]:
        """Return households spread over the whole file, those that answer most readily first."""
        step = max(1, len(self) // (_SAMPLE * 4))
        some = [self._read(self._offsets[place]) for place in range(0, len(self), step)]
        linked = [each for each in some if each.is_linked]
        return sorted(linked, key=lambda each: -each.answers_percent)[:_SAMPLE]

    def _read(self, offset: int) -> Household:
        with self._path.open("rb") as lines:
            lines.seek(offset)
            return _household(lines.readline(), f"{self._path}, byte {offset}")


class Invented:
    """Every number is in service, and its household is drawn from the seed."""

    def __init__(self, seed: int) -> None:
        """Invent households for this seed."""
        self._seed = seed

    def at(self, number: str) -> Household | None:
        """Return the household invented for a number, always the same for one seed."""
        if not number.startswith("+"):
            return None
        dice = Dice(self._seed, number)
        is_visited = dice.share("visited") < 0.8
        return Household(
            number=number,
            visited=is_visited,
            solved=None if dice.share("asked") < 0.2 else dice.share("solved") < 0.75,
            score=dice.between("score", 3, 5) if is_visited else dice.between("score", 1, 3),
            comment="希望多来走一走。" if dice.share("comment") < 0.5 else "",
            answers_percent=85,
        )

    def sample(self) -> list[Household]:
        """Return nothing: any number will do."""
        return []


def _as_integer(number: str) -> int:
    return int(number.lstrip("+"))


def _household(line: bytes, place: str) -> Household:
    try:
        value = json.loads(line)
        household = Household(
            number=str(value["phone"]),
            head=str(value.get("head") or ""),
            visited=_flag(value["visited"]),
            solved=_flag(value["solved"]),
            score=int(value["score"]),
            comment=str(value.get("comment") or ""),
            answers_percent=int(value["answers"]),
            is_linked=bool(value["linked"]),
            by_hour={int(hour): int(share) for hour, share in value.get("by_hour", {}).items()},
            behaviour=Behaviour(value["behaviour"]) if value.get("behaviour") else None,
            pin=str(value.get("pin") or ""),
            wants=str(value.get("wants") or ""),
            built=_flag(value.get("built")),
            tends=_flag(value.get("tends")),
        )
        _as_integer(household.number)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{place}: not a household ({type(error).__name__}: {error})"
        raise TruthFileError(message) from error
    if not 1 <= household.score <= 5:
        message = f"{place}: score must be 1 to 5, not {household.score}"
        raise TruthFileError(message)
    return household


def _flag(value: object) -> bool | None:
    return None if value is None else bool(value)
