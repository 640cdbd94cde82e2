"""What live sessions found about cadres, read from their records (Y53-Y55)."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Protocol

from evalsys.domain.personnel import SessionFinding
from evalsys.domain.personnel_sessions import findings_of
from evalsys.services.folded import folded_sessions
from evalsys.store.database import Database


class Findings(Protocol):
    """Gives what all live sessions found: by now, or as recorded before a moment."""

    def __call__(self, known_before: datetime | None = None, /) -> Sequence[SessionFinding]:
        """Give one finding for each round that had a verdict by then."""


def session_findings(database: Database, zone: tzinfo) -> Findings:
    """Read the findings from the records of all sessions."""
    folded = folded_sessions(database)

    def found(known_before: datetime | None = None) -> tuple[SessionFinding, ...]:
        states = folded(known_before)
        return tuple(
            finding for live in sorted(states) for finding in findings_of(live, states[live], zone)
        )

    return found
