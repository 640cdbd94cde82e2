"""What an import of several tables came to."""

from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.domain.roster_problems import ImportProblem
from evalsys.store.roster_merge import Merged


@dataclass(frozen=True, slots=True)
class TablesReport:
    """What an import of scores or programmes did, or would do, or why it did nothing."""

    committed: bool
    problems: tuple[ImportProblem, ...]
    errors: int
    warnings: int
    rows: int
    """Rows read without an error."""
    merged: Mapping[str, Merged]
    """By the title or the key of the table; empty when there were errors."""
