"""Talks with cadres: what is owed, notices served, talks held and recorded (Y61, Y75, Y76)."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from evalsys.domain import talks as t
from evalsys.domain.casebook import Paper
from evalsys.domain.issued_notices import check_serves, read_number
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.personnel_decisions import check_present
from evalsys.domain.roster import CadreCard
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import CadreNumber, new_id
from evalsys.services.personnel import Personnel
from evalsys.store import assessment, audit, campaigns, issued_notices
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import TALKS
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards

RECORD_LIMIT: Final = 20_000
"""Characters that the record of a talk may have."""


class Talks:
    """Every talk of this installation."""

    def __init__(self, database: Database, personnel: Personnel, safe: PaperSafe) -> None:
        """Reckon by `personnel`; `safe` keeps what was said."""
        self._database = database
        self._personnel = personnel
        self._safe = safe

    def today(self) -> date:
        """Return the day in the county."""
        return self._personnel.today()

    def every(self) -> tuple[tuple[t.Talk, CadreCard | None], ...]:
        """Return every talk with whom, the newest first."""
        with self._database.read() as db:
            found = TALKS.every(db)
            cards = cadre_cards(db, {one.cadre for one in found})
        return tuple((one, cards.get(one.cadre)) for one in found)

    def of_cadre(self, cadre: CadreNumber) -> tuple[t.Talk, ...]:
        """Return the talks with one cadre, the newest first."""
        with self._database.read() as db:
            return TALKS.every(db, cadre)

    def owed(self, evaluation: Evaluation) -> list[t.OwedAdmonition]:
        """List the units that owe an admonishing talk, ordered or not (Y61)."""
        with self._database.read() as db:
            return t.owed_admonitions(evaluation, TALKS.every(db))

    def order_admonition(self, evaluation: Evaluation, principal: CadreNumber, *, by: str) -> str:
        """Order the talk that a unit owes its principal today; return its id."""
        check_present((evaluation.as_of, evaluation.year), (self.today(), evaluation.year))

        def make(db: Session, talks: Sequence[t.Talk]) -> t.TalkOrdered:
            holidays = frozenset(campaigns.holidays(db))
            return t.order_admonition(
                evaluation, principal, talks, day=self.today(), holidays=holidays
            )

        return self._order(make, by)

    def order_petition_talk(
        self, cadre: CadreNumber, petition: str, *, knew: bool, accompanied: bool, by: str
    ) -> str:
        """Order the talk that follows a first petition (Y75); return its id."""

        def make(db: Session, talks: Sequence[t.Talk]) -> t.TalkOrdered:
            return t.order_petition_talk(
                cadre,
                petition,
                talks,
                knew=knew,
                accompanied=accompanied,
                day=self.today(),
                numbers=self._numbers(),
                holidays=frozenset(campaigns.holidays(db)),
            )

        return self._order(make, by)

    def order_above(self, below: str, cadre: CadreNumber, *, by: str) -> str:
        """Order the talk with whoever is above somebody who was called in (Y76)."""

        def make(db: Session, talks: Sequence[t.Talk]) -> t.TalkOrdered:
            return t.order_talk_above(
                TALKS.one(db, below),
                cadre,
                talks,
                day=self.today(),
                numbers=self._numbers(),
                holidays=frozenset(campaigns.holidays(db)),
            )

        return self._order(make, by)

    def serve(self, case: str, *, document: str, served_on: date, by: str) -> None:
        """Record that the notice was handed over: one that was issued here, or another document.

        Raises:
            InvalidInput: no document is named, its day lies ahead, or it is another cadre's.
            RuleViolation: it was withdrawn, or served for another talk.
            WrongPhase: a notice was served, or the talk was held or withdrawn.
        """

        def make(db: Session, talk: t.Talk) -> t.TalkEvent:
            number = read_number(document)
            issued = issued_notices.by_number(db, number) if number else None
            if issued is None:
                return t.serve_notice(talk, document, served_on, day=self.today())
            written = str(issued.number)
            check_serves(issued, talk, t.served_for(TALKS.every(db, talk.cadre), written))
            return t.serve_notice(talk, written, served_on, day=self.today())

        self._step(case, make, by)

    def hold(self, case: str, *, held_by: str, held_on: date, record: str, by: str) -> None:
        """Record that the talk took place; what was said is sealed.

        Raises:
            InvalidInput: there is no record, or it is too long.
        """
        text = record.strip()
        if not 0 < len(text) <= RECORD_LIMIT:
            raise InvalidInput(
                "请写谈话记录。" if not text else "谈话记录过长。",
                remedy=f"不超过 {RECORD_LIMIT} 字。",
                place="谈话记录",
            )
        content = text.encode()
        digest = hashlib.sha256(content).hexdigest()
        paper = Paper(new_id(), "谈话记录", "text/plain", digest, len(content))

        def make(db: Session, talk: t.Talk) -> t.TalkEvent:
            event = t.hold_talk(talk, held_by, held_on, paper, day=self.today())
            self._safe.keep(db, case, paper, content)
            return event

        self._step(case, make, by)

    def withdraw(self, case: str, *, reason: str, by: str) -> None:
        """Say that a talk is not owed after all."""
        self._step(case, lambda _, talk: t.withdraw_talk(talk, reason), by)

    def record_of(self, case: str, *, purpose: str, by: str) -> tuple[t.Talk, str]:
        """Open the record of a talk for `by`; the reading is recorded with its purpose.

        Raises:
            InvalidInput: no purpose was given.
            NotFound: the talk was not held.
        """
        if not purpose.strip():
            raise InvalidInput("请写明查看的目的。", remedy="例如：归档核对。", place="目的")
        with self._database.write() as db:
            talk = TALKS.one(db, case)
            if talk.held is None:
                raise NotFound("还没有谈话记录。", remedy="谈话之后再看。")
            self._audit(db, by, "talk.record_read", talk, {"purpose": purpose.strip()[:200]})
            return talk, self._safe.open(db, case, talk.held.record).decode()

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the list away."""
        with self._database.write() as db:
            audit.record(db, self._personnel.now(), by, "talk.export", "talks", {"rows": rows})

    def _order(self, make: Callable[[Session, Sequence[t.Talk]], t.TalkOrdered], by: str) -> str:
        with self._database.write() as db:
            TALKS.hold(db)
            ordered = make(db, TALKS.every(db))
            if not assessment.is_serving(db, ordered.cadre, self.today()):
                raise NotFound(f"在册干部中没有编号 {ordered.cadre}。", remedy="请核对 8 位编号。")
            case, at = new_id(), self._personnel.now()
            TALKS.note(db, case, ordered, after=0, cadre=ordered.cadre, by=by, at=at)
            detail = {"talk": case, "kind": ordered.kind.value}
            audit.record(db, at, by, "talk.order", f"cadre:{ordered.cadre}", detail)
        return case

    def _step(self, case: str, make: Callable[[Session, t.Talk], t.TalkEvent], by: str) -> None:
        with self._database.write() as db:
            talk = TALKS.one(db, case)
            event, at = make(db, talk), self._personnel.now()
            TALKS.note(db, case, event, after=talk.seq, cadre=talk.cadre, by=by, at=at)
            self._audit(db, by, "talk.step", talk, {"event": type(event).__name__})

    def _audit(
        self, db: Session, by: str, action: str, talk: t.Talk, detail: Mapping[str, object]
    ) -> None:
        told = {"talk": talk.id, **detail}
        audit.record(db, self._personnel.now(), by, action, f"cadre:{talk.cadre}", told)

    def _numbers(self) -> Mapping[str, int]:
        return self._personnel.book.on(self.today()).numbers
