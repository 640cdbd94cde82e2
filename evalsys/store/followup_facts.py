"""What investigations and promises mean to the rules (Y53-Y55)."""

from datetime import datetime, tzinfo

from sqlalchemy.orm import Session

from evalsys.domain.investigations import INVESTIGATION, Sanctioned, case_of_request, inquiry
from evalsys.domain.local_date import local_date
from evalsys.domain.personnel import (
    FakedClose,
    InvestigationOutcome,
    PledgeOutcome,
    SanctionInEffect,
)
from evalsys.domain.pledge_case import PLEDGE, PledgeRuled
from evalsys.store.casebook import CaseRoom, cases
from evalsys.store.casework_outcomes import mismatches


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


def faked_closes(db: Session, known_before: datetime, zone: tzinfo) -> tuple[FakedClose, ...]:
    """Read every faked close that a report on record before a moment lays to a cadre (Y54)."""
    found = cases(db, CaseRoom.INVESTIGATION)
    closes = []
    for one in mismatches(db):
        case = case_of_request(one.request, one.seq)
        known = (entry for entry in found.get(case, ()) if entry.at < known_before)
        state = inquiry(case, map(INVESTIGATION.read, known))
        report, sanction = state.concluded, state.sanctioned
        if report and report.cadre and report.outcome is InvestigationOutcome.FAKED:
            closes.append(
                FakedClose(
                    report.cadre,
                    one.request,
                    one.seq,
                    local_date(one.found_at, zone),
                    report.concluded_on,
                    sanction.sanction if sanction else "",
                )
            )
    return tuple(sorted(closes, key=lambda one: (one.request, one.seq)))


def pledge_outcomes(db: Session, known_before: datetime) -> tuple[PledgeOutcome, ...]:
    """Read every ruling on a promise that was on record before a moment, of each in their order."""
    return tuple(
        PledgeOutcome(event.cadre, case, event.kept, event.ruled_on)
        for case, entries in cases(db, CaseRoom.PLEDGE).items()
        for event in (PLEDGE.read(entry).event for entry in entries if entry.at < known_before)
        if isinstance(event, PledgeRuled)
    )
