"""The tail of a session for viewers: what happened last, in words, without anything personal."""

from collections.abc import Iterable

from evalsys.domain.live import events as e
from evalsys.domain.live import events_agenda as eg
from evalsys.domain.live.codec import Json

TAIL = 40
"""So many steps are kept in sight."""

TOLD: frozenset[type[e.Event]] = frozenset(
    (
        e.RosterFrozen,
        e.ManifestPublished,
        e.CeremonyOpened,
        e.MasterDiceRolled,
        e.CadreDrawn,
        e.CadreNamed,
        e.PresenceRecorded,
        e.HouseholdOrderSet,
        e.CallsClosed,
        e.ScoresReleased,
        e.VoteOpened,
        e.VoteTallied,
        e.VerdictGiven,
        e.PledgeMade,
        e.InvestigationOpened,
        eg.AgendaPublished,
        eg.AgendaOrdered,
        eg.IssueCalled,
        eg.IssueLeft,
        e.StepTakenBack,
        e.SessionAborted,
        e.SessionClosed,
        e.SessionSealed,
    )
)
"""A whitelist: single calls, replies, votes and whoever typed them are not told."""


def tail_of(records: Iterable[e.Recorded]) -> list[Json]:
    """Give the last steps that viewers may know, the newest first, counted among themselves."""
    known = [record for record in records if type(record.event) in TOLD]
    told: list[Json] = [
        {
            "seq": n,
            "at": record.at.isoformat(timespec="seconds"),
            "kind": type(record.event).__name__,
            "cadre": getattr(record.event, "cadre", None),
        }
        for n, record in enumerate(known, start=1)
    ]
    return told[: -TAIL - 1 : -1]
