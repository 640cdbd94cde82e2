"""Investigations and promises as lists and exports show them on a day."""

from dataclasses import dataclass
from datetime import date

from evalsys.domain.investigations import Inquiry, InvestigationStage
from evalsys.domain.personnel import SessionFinding
from evalsys.domain.pledge import PledgeRecord, PledgeStanding
from evalsys.domain.pledge_case import PledgeCase
from evalsys.domain.roster import CadreCard
from evalsys.ids import CadreNumber, LiveId


@dataclass(frozen=True, slots=True)
class InvestigationRow:
    """An investigation on a day; the card is None when the cadre is no longer known."""

    finding: SessionFinding
    card: CadreCard | None
    inquiry: Inquiry
    due_on: date
    stage: InvestigationStage


@dataclass(frozen=True, slots=True)
class DeniedRow:
    """A close that its household denies, as an investigation on a day (Y54)."""

    request: str
    seq: int
    """Number of the event that holds the household's answer."""
    cadre: CadreNumber | None
    """Linked to the household; None for somebody who did not say from which household."""
    card: CadreCard | None
    closed_by: str
    found_on: date
    opened_by: str
    """Empty while nobody has opened the investigation."""
    plan: str
    inquiry: Inquiry
    due_on: date
    stage: InvestigationStage

    @property
    def is_open(self) -> bool:
        """Whether somebody has opened the investigation."""
        return bool(self.opened_by)


@dataclass(frozen=True, slots=True)
class PledgeRow:
    """A promise on a day; `seq` is the number of its event in the session."""

    live: LiveId
    title: str
    rehearsal: bool
    seq: int
    cadre: CadreNumber
    card: CadreCard | None
    case: PledgeCase
    record: PledgeRecord
    standing: PledgeStanding
    reminder_due: bool
