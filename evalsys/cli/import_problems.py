"""What imports found wrong, on the terminal."""

from collections.abc import Sequence
from typing import Final, Protocol

import click

from evalsys.domain.roster_problems import ImportProblem, Severity
from evalsys.say import said, say

SHOWN_PROBLEMS: Final = 20


class Checked(Protocol):
    """The report of any import."""

    @property
    def problems(self) -> Sequence[ImportProblem]:
        """What was found, in the order of files, sheets and rows."""
        ...

    @property
    def errors(self) -> int:
        """How many of them stop the import."""
        ...

    @property
    def warnings(self) -> int:
        """How many of them do not."""
        ...


def print_problems(result: Checked) -> None:
    """Print the first problems, each with its place and what to do."""
    for problem in result.problems[:SHOWN_PROBLEMS]:
        colour = "red" if problem.severity is Severity.ERROR else "yellow"
        value = f"“{problem.value}”" if problem.value else ""
        what = said(f"{problem.what}。{problem.remedy}")
        told = (said(problem.severity.value), problem.place_in(said), value, what)
        click.secho(" ".join(filter(None, told)), fg=colour, err=True)
    left = result.errors + result.warnings - SHOWN_PROBLEMS
    if left > 0:
        say(f"另有 {left:,} 个问题，用 --report 输出全部。", err=True)
