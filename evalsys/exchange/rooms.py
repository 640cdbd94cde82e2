"""Which line a call takes: the first source that knows the number."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from evalsys.exchange.handsets import Handsets
from evalsys.exchange.households import Directory
from evalsys.exchange.line import Line
from evalsys.exchange.pace import Pace
from evalsys.exchange.person import Person
from evalsys.exchange.scripted_line import ScriptedLine
from evalsys.exchange.sip.trunk import Trunk

_NUMBER = re.compile(r"\+[1-9][0-9]{3,14}")


class LineSource(Protocol):
    """One kind of lines."""

    def line_to(self, number: str, caller: str, attempt: int) -> Line | None:
        """Return a line to `number`, for the `attempt`-th call ever placed to it, or None."""


class AllLines:
    """Lines of several kinds; the first source that has one to a number provides it."""

    def __init__(self, *sources: LineSource, delays: Mapping[str, float]) -> None:
        """Ask `sources` in this order; whoever has a number of `delays` hears so much later."""
        self._sources: Sequence[LineSource] = sources
        self._delays = delays

    def line_to(self, number: str, caller: str, attempt: int) -> Line:
        """Return a line to `number`; one that is not in service when nobody has it."""
        for source in self._sources:
            line = source.line_to(number, caller, attempt)
            if line is not None:
                if number in self._delays:
                    line.delay(self._delays[number])
                return line
        return ScriptedLine(Person(None, 0, number, attempt), Pace())


class HandsetLines:
    """Lines to the pages that hold a number, or take any call to a household."""

    def __init__(self, handsets: Handsets, directory: Directory) -> None:
        """Let a page play the household that `directory` knows at its number."""
        self._handsets = handsets
        self._directory = directory

    def line_to(self, number: str, caller: str, attempt: int) -> Line | None:  # noqa: ARG002 - a LineSource's
        """Return a line to a page, None when none is open and free."""
        return self._handsets.line_to(number, caller, self._directory.at(number))


class ScriptedLines:
    """Lines to the scripted households of a directory: every number has one."""

    def __init__(
        self,
        directory: Directory,
        *,
        seed: int,
        new_pace: Callable[[], Pace],
        hour: Callable[[], int],
        leaves_strangers: bool = False,
    ) -> None:
        """Let households behave by `seed` and `hour`; each call passes at a pace of its own.

        `leaves_strangers`: numbers that the directory does not know are for another kind.
        """
        self._directory = directory
        self._seed = seed
        self._new_pace = new_pace
        self._hour = hour
        self._leaves_strangers = leaves_strangers

    def line_to(self, number: str, caller: str, attempt: int) -> Line | None:  # noqa: ARG002 - a LineSource's
        """Return a line to the household at `number`."""
        household = self._directory.at(number)
        if household is None and self._leaves_strangers:
            return None
        person = Person(household, self._seed, number, attempt, hour=self._hour())
        return ScriptedLine(person, self._new_pace())


class TrunkLines:
    """Lines to real telephones over a SIP trunk: every number has one."""

    def __init__(self, trunk: Trunk) -> None:
        """Call over `trunk`."""
        self._trunk = trunk

    def line_to(self, number: str, caller: str, attempt: int) -> Line | None:  # noqa: ARG002 - a LineSource's
        """Return a line to whoever has `number`, None for a page of the exchange."""
        return self._trunk.line_to(number, caller) if _NUMBER.fullmatch(number) else None
