"""Hand-overs of linked households: proposed by one person, accepted by another (Y22)."""

from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.link_handover import (
    HandOver,
    HandOverState,
    Holder,
    LeavingReason,
    check_proposal,
    check_ruling,
    is_much,
)
from evalsys.domain.link_term import Scope
from evalsys.domain.local_date import local_date
from evalsys.errors import RuleViolation, StaleState
from evalsys.ids import CadreNumber
from evalsys.services.access import must_be_two_people
from evalsys.store import audit
from evalsys.store import link_handover as store
from evalsys.store.database import Database
from evalsys.store.grid_preset import load_limits, taken
from evalsys.store.link_term import due_links, due_of_cadre

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits: leavers who still hold households, and hand-overs with the cadres they name."""

    leavers: tuple[Holder, ...]
    handovers: tuple[HandOver, ...]


class LinkHandOvers:
    """Moves the households of cadres who left; nobody's link ends before another begins."""

    def __init__(self, database: Database, now: Clock, zone: ZoneInfo) -> None:
        """Read and write `database`; days are those of `zone`."""
        self._database = database
        self._now = now
        self._zone = zone

    def desk(self) -> Desk:
        """List whom it concerns, and the latest hand-overs."""
        with self._database.read() as db:
            return Desk(store.leavers(db, self._today()), store.handovers(db, limit=SHOWN))

    def propose(
        self,
        giver: CadreNumber,
        taker: CadreNumber,
        reason: LeavingReason,
        since: date,
        note: str,
        *,
        by: str,
    ) -> bool:
        """Propose to hand the households of `giver` over; return whether it is much for `taker`.

        All of them, or with the reason 任期届满 those whose term is over on `since` (L11).

        Raises:
            RuleViolation: the giver still serves, holds nobody, or is being handed over already.
            InvalidInput: a number is unknown, or the day cannot be.
        """
        with self._database.write() as db:
            years = self._years(db) if reason is LeavingReason.TERM_OVER else 0
            gives = replace(
                store.holder(db, giver, "交出干部"),
                term_over=due_of_cadre(db, giver, since, years),
            )
            takes = store.holder(db, taker, "接收干部")
            is_open = store.is_open(db, giver)
            held = check_proposal(
                gives, takes, reason, since, note, today=self._today(), is_open=is_open
            )
            at = self._now()
            number = store.add(db, HandOver(giver, taker, reason, since, held, note, by, at))
            audit.record(db, at, by, "links.handover.propose", str(number))
            return is_much(takes, held, load_limits(db))

    def rule(self, number: int, ruling: HandOverState, why: str, *, by: str) -> None:
        """Accept, decline or withdraw a hand-over; accepted, the links move at once.

        Raises:
            NotFound: there is no such hand-over.
            NotAllowed: it is not this person's to do.
            StaleState: it was ruled on, or the giver's households are no longer the same.
            InvalidInput: declined without a reason.
        """
        with self._database.write() as db:
            handover = store.handover(db, number)
            check_ruling(handover, ruling, by, why, self._today())
            must_be_two_people(db, handover.proposed_by, by)
            at = self._now()
            ruled = replace(handover, state=ruling, ruled_by=by, ruled_at=at, why=why.strip())
            store.keep_ruling(db, ruled)
            if ruling is HandOverState.ACCEPTED:
                moved = self._move(db, handover)
                if moved != handover.households:
                    raise StaleState(
                        f"提出时名下 {handover.households} 户，现在是 {moved} 户。",
                        remedy="请退回，按现在的名单重新提出。",
                    )
            audit.record(db, at, by, f"links.handover.{ruling}", str(number))

    def _move(self, db: Session, handover: HandOver) -> int:
        if handover.reason is not LeavingReason.TERM_OVER:
            return store.move_links(db, handover)
        due = due_links(db, handover.since, self._years(db), scope=Scope.CADRE, code=handover.giver)
        return store.move_links(db, handover, only=[term.household for term in due])

    def _years(self, db: Session) -> int:
        years = taken(db).number("term_years", self._today())
        if not years:
            raise RuleViolation(
                "本县的网格方案没有规定联系期限，联系不因期满而改变。",
                remedy="只有离任的干部才交接。",
            )
        return years

    def _today(self) -> date:
        return local_date(self._now(), self._zone)
