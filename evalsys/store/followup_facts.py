"""What investigations and promises after the show mean to the rules (Y53, Y55)."""

from datetime import datetime

from sqlalchemy.orm import Session

from evalsys.domain.investigations import INVESTIGATION, Sanctioned
from evalsys.domain.personnel import PledgeOutcome, SanctionInEffect
from evalsys.domain.pledge_case import PLEDGE, PledgeRuled
from evalsys.store.casebook import CaseRoom, cases


def sanctions(db: Session, known_before: datetime) -> tuple[SanctionInEffect, ...]:
    """Read every sanction on an established faking that was on record before a moment."""
    found = cases(db, CaseRoom.INVESTIGATION)
    events = (
        INVESTIGATION.read(entry).event
        for entries in found.values()
        for entry in entries
        if entry.at < known_before
    )
    return tuple(
        SanctionInEffect(event.cadre, event.decided_on, event.until)
        for event in events
        if isinstance(event, Sanctioned)
    )


def pledge_outcomes(db: Session, known_before: datetime) -> tuple[PledgeOutcome, ...]:
    """Read every ruling on a promise that was on record before a moment, of each in their order."""
    return tuple(
        PledgeOutcome(event.cadre, case, event.kept, event.ruled_on)
        for case, entries in cases(db, CaseRoom.PLEDGE).items()
        for event in (PLEDGE.read(entry).event for entry in entries if entry.at < known_before)
        if isinstance(event, PledgeRuled)
    )
