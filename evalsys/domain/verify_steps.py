"""What a verification found: its steps in order, and what they amount to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from evalsys.errors import EvalsysError

T = TypeVar("T")


class Mark(StrEnum):
    """What one step found."""

    OK = "ok"
    FAIL = "FAIL"
    OPEN = "open"
    """Cannot be checked yet: a file is missing or the session has not ended."""


class Finding(StrEnum):
    """What the steps amount to."""

    GOOD = "good"
    BAD = "bad"
    INCOMPLETE = "incomplete"


_EXIT_CODES = {Finding.GOOD: 0, Finding.BAD: 1, Finding.INCOMPLETE: 2}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was checked.

    `j` is the slot that it is about, of `named` the number of the naming; 0 when about none.
    """

    name: str
    mark: Mark
    detail: str
    j: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Every step in order, and the two hashes that viewers compare with the broadcast."""

    steps: tuple[Step, ...]
    manifest_sha256: str
    head: str

    @property
    def finding(self) -> Finding:
        """Bad when any step failed, else incomplete when any is open, else good."""
        marks = {step.mark for step in self.steps}
        if Mark.FAIL in marks:
            return Finding.BAD
        return Finding.INCOMPLETE if Mark.OPEN in marks else Finding.GOOD

    @property
    def exit_code(self) -> int:
        """0 good, 1 bad, 2 incomplete."""
        return _EXIT_CODES[self.finding]


class Checking:
    """The steps so far; a step is a function that gives (value, detail) or raises."""

    def __init__(self) -> None:
        """Begin without steps."""
        self.steps: list[Step] = []

    def step(self, name: str, run: Callable[[], tuple[T, str]], j: int = 0) -> T | None:
        """Check one thing about slot `j`; give what was read, None when it failed."""
        try:
            value, detail = run()
        except EvalsysError as error:
            self.steps.append(Step(name, Mark.FAIL, str(error), j))
            return None
        except MemoryError:
            self.steps.append(Step(name, Mark.FAIL, "内容太大，这台电脑装不下", j))
            return None
        self.steps.append(Step(name, Mark.OK, detail, j))
        return value

    def file(
        self, name: str, data: bytes | None, run: Callable[[bytes], tuple[T, str]]
    ) -> T | None:
        """Check one file, which may be missing."""
        if data is None:
            self.open(name, "缺少这个文件")
            return None
        return self.step(name, lambda: run(data))

    def wait(self) -> None:
        """Note that what the last step found good is not all yet."""
        self.steps[-1] = replace(self.steps[-1], mark=Mark.OPEN)

    def open(self, name: str, detail: str, j: int = 0) -> None:
        """Note that something cannot be checked yet."""
        self.steps.append(Step(name, Mark.OPEN, detail, j))
