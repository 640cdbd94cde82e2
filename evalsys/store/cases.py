"""The cases of personnel procedures: the entries of their casebooks, folded into states."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final, Generic, TypeVar

from sqlalchemy.orm import Session

from evalsys.domain.casebook import Entry, Language, Noted
from evalsys.domain.investigations import (
    INVESTIGATION,
    Inquiry,
    InvestigationEvent,
    inquiry,
)
from evalsys.domain.listings import LISTING, Listing, ListingEvent, listing
from evalsys.domain.pledge_case import PLEDGE, PledgeCase, PledgeEvent, pledge_case
from evalsys.domain.promotion import PROMOTION, Procedure, procedure
from evalsys.domain.promotion_events import PromotionEvent
from evalsys.domain.statement import STATEMENT, Stated, YearStatements, year_statements
from evalsys.domain.talks import TALK, Talk, TalkEvent, talk
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber
from evalsys.store import casebook
from evalsys.store.casebook import CaseRoom

E = TypeVar("E")
S = TypeVar("S")


class Cases(Generic[E, S]):
    """The cases of one room: events `E`, folded into states `S`."""

    def __init__(
        self,
        room: CaseRoom,
        language: Language[E],
        fold: Callable[[str, Iterable[Noted[E]]], S | None],
        what: str,
    ) -> None:
        """Read and write with `language`; `what` names a case in Chinese."""
        self._room = room
        self._language = language
        self._fold = fold
        self._what = what

    def every(self, db: Session, cadre: CadreNumber | None = None) -> tuple[S, ...]:
        """Read every case, the newest first; of one cadre when named."""
        kept = casebook.cases(db, self._room, cadre)
        read = self._language.read
        found = (self._fold(case, map(read, entries)) for case, entries in kept.items())
        return tuple(one for one in found if one is not None)[::-1]

    def hold(self, db: Session) -> None:
        """Let nobody else open a case before this transaction is over."""
        casebook.hold(db, self._room)

    def find(self, db: Session, case: str) -> S | None:
        """Read one case, None when there is none of this id."""
        return self._fold(case, map(self._language.read, casebook.entries(db, self._room, case)))

    def one(self, db: Session, case: str) -> S:
        """Read one case.

        Raises:
            NotFound: there is none of this id.
        """
        found = self.find(db, case)
        if found is None:
            raise NotFound(f"没有这个{self._what}。", remedy="请从列表中选择。")
        return found

    def note(  # noqa: PLR0913 - what an entry is
        self,
        db: Session,
        case: str,
        event: E,
        *,
        after: int,
        cadre: CadreNumber | None,
        by: str,
        at: datetime,
    ) -> None:
        """Record the event that follows entry `after` (0 for the first).

        Raises:
            StaleState: somebody else recorded one meanwhile.
        """
        kind, body = self._language.write(event)
        casebook.append(db, self._room, Entry(case, after + 1, kind, body, by, at), cadre)


PROCEDURES: Final[Cases[PromotionEvent, Procedure]] = Cases(
    CaseRoom.PROMOTION, PROMOTION, procedure, "提拔程序"
)
TALKS: Final[Cases[TalkEvent, Talk]] = Cases(CaseRoom.TALK, TALK, talk, "谈话")
LISTINGS: Final[Cases[ListingEvent, Listing]] = Cases(
    CaseRoom.LISTING, LISTING, listing, "名单条目"
)
INVESTIGATIONS: Final[Cases[InvestigationEvent, Inquiry]] = Cases(
    CaseRoom.INVESTIGATION, INVESTIGATION, inquiry, "调查"
)
PLEDGES: Final[Cases[PledgeEvent, PledgeCase]] = Cases(CaseRoom.PLEDGE, PLEDGE, pledge_case, "承诺")
STATEMENTS: Final[Cases[Stated, YearStatements]] = Cases(
    CaseRoom.STATEMENT, STATEMENT, year_statements, "年度承诺和述职"
)
