"""Promotion procedures that stand somewhere, written as their events."""

from datetime import date

from evalsys.domain import promotion_events as e
from evalsys.domain.personnel import AppraisalOutcome
from evalsys.domain.rulebook import Conclusion
from evalsys.ids import CadreNumber, CampaignId, new_id
from evalsys.store.cases import PROCEDURES
from evalsys.store.database import Database
from tests.builders import NOON

CAMPAIGN = CampaignId("c" * 32)
CALLED = e.AppraisalCalled(CAMPAIGN, 30)
GIVEN_UP = e.ProcedureClosed("另行安排")


def opened(cadre: CadreNumber) -> e.ProcedureOpened:
    """A proposal of 20 November 2026."""
    return e.ProcedureOpened(
        cadre=cadre,
        post="县水利局副局长",
        kind=e.PromotionKind.PROMOTION,
        document="县委组织部动议 2026 年第 7 号",
        run="0" * 16,
        as_of=date(2026, 11, 20),
        year=2026,
        book_sha256="0" * 64,
        conclusion=Conclusion.ELIGIBLE,
        rules=(),
        reasons=(),
    )


def publicity(until: date) -> e.PublicityStarted:
    """A publicity of five working days."""
    return e.PublicityStarted(date(2026, 11, 20), until, 5, "县政府公告栏")


def counted(satisfied: int | None = 19, **different: object) -> e.AppraisalCounted:
    """What 20 of 30 households said."""
    given: dict[str, object] = {
        "campaign": CAMPAIGN,
        "held_on": date(2026, 11, 28),
        "linked": 30,
        "called": 30,
        "reached": 24,
        "answered": 20,
        "satisfied": satisfied,
        "quorum": 50,
        "threshold": 67,
        "outcome": AppraisalOutcome.SATISFIED,
        "open_because": "",
    }
    return e.AppraisalCounted(**(given | different))  # type: ignore[arg-type]  # tests name fields


def at_the_gate(database: Database, cadre: CadreNumber, *, until: date = date(2026, 11, 27)) -> str:
    """A procedure in which everything is there, but for publicity that may last longer."""
    case = new_id()
    events: list[e.PromotionEvent] = [opened(cadre), publicity(until), CALLED, counted()]
    with database.write() as db:
        for n, event in enumerate(events):
            PROCEDURES.note(db, case, event, after=n, cadre=cadre, by="dongyi", at=NOON)
    return case
