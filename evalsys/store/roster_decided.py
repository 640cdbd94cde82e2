"""What the rules of `roster_keep` have in common: columns by source, and how a finding reads."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from evalsys.domain.roster_checks import Finding
from evalsys.domain.roster_problems import Severity
from evalsys.domain.roster_sheets import Kind

Present = Mapping[Kind, Mapping[frozenset[str], Collection[int]]]
"""Which columns came from which sources, by kind of sheet."""

_STAYS: Final = "这一格保持系统内的决定，不改动"


def decided_here(kind: Kind, source: int, line: int, column: str, value: str, what: str) -> Finding:
    """Say that a cell stays as it was decided here, and why."""
    return Finding(kind, (source, line), column, value, what, f"{_STAYS}。", Severity.WARNING)


def bringing(present: Present, kind: Kind, column: str) -> list[int]:
    """Give the numbers of the sources that brought a column."""
    return [
        source
        for columns, numbers in present.get(kind, {}).items()
        if column in columns
        for source in numbers
    ]


def pieces(codes: list[str], size: int = 500) -> Iterator[list[str]]:
    """Give codes a few at a time, as many as a statement may name."""
    return (codes[at : at + size] for at in range(0, len(codes), size))
