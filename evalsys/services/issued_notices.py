"""Issuing notices under numbers, and the register of what was issued."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Final

from evalsys.domain.casebook import Paper
from evalsys.domain.issued_notices import (
    IssuedNotice,
    NoticeNumber,
    case_of,
    grounds_of,
    key_of,
    serves,
)
from evalsys.domain.notices import Notice, NoticeKind, notices_of
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.personnel_decisions import check_present
from evalsys.domain.purposes import Purpose
from evalsys.domain.roster import CadreCard
from evalsys.domain.talks import Talk, check_awaits_notice
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation, StaleState
from evalsys.exports import word
from evalsys.exports.notices import interview_fields, interview_paper, notice_paper, wordings
from evalsys.exports.pdf import MEDIA_TYPE, Value, render
from evalsys.ids import CadreNumber, new_id
from evalsys.services.notices import WordTemplate
from evalsys.services.personnel import Personnel
from evalsys.store import audit
from evalsys.store import issued_notices as store
from evalsys.store.casebook import PaperSafe
from evalsys.store.cases import TALKS
from evalsys.store.database import Database
from evalsys.store.roster import cadre_cards

_TRIES: Final = 5
"""How often a number is tried again that somebody else took while the paper was being set."""


class IssuedNotices:
    """The register of issued notices 发文登记."""

    def __init__(self, database: Database, personnel: Personnel, safe: PaperSafe) -> None:
        """Issue what follows from the advice of `personnel`; `safe` keeps the papers."""
        self._database = database
        self._personnel = personnel
        self._safe = safe

    def every(self) -> tuple[tuple[IssuedNotice, CadreCard | None, Talk | None], ...]:
        """List every issued notice with whom it is to and the talk that it was served for."""
        with self._database.read() as db:
            found = store.issued(db)
            cards = cadre_cards(db, {one.cadre for one in found})
            served = _served(TALKS.every(db))
        return tuple(
            (one, cards.get(one.cadre), served.get((one.cadre, str(one.number)))) for one in found
        )

    def of_cadre(self, cadre: CadreNumber) -> tuple[IssuedNotice, ...]:
        """Return the notices to one cadre, the newest first."""
        with self._database.read() as db:
            return store.issued(db, cadre=cadre)

    def issue(
        self,
        cadre: CadreNumber,
        kind: NoticeKind,
        *,
        as_of: date | None,
        year: int | None,
        organ: str,
        by: str,
    ) -> IssuedNotice:
        """Issue the notice that is due, under the next number; the same one again is the same.

        Raises:
            InvalidInput: the day lies ahead, or the organ is not named.
            NotFound: no such notice is due to this cadre.
            RuleViolation: it would rest on the advice of an earlier day.
            StaleState: others took one number after the other meanwhile.
        """
        if not organ.strip():
            raise InvalidInput("没有写发文机关。", remedy="通知须有落款的机关。", place="organ")
        evaluation = self._personnel.evaluate(by=by, as_of=as_of, year=year)
        today = self._personnel.today()
        check_present((evaluation.as_of, evaluation.year), (today, evaluation.year))
        notice = next(
            (
                one
                for one in notices_of(evaluation)
                if (one.kind, one.cadre.number) == (kind, cadre)
            ),
            None,
        )
        if notice is None:
            raise NotFound(
                f"{cadre} 没有应发的{wordings()[kind].title}。",
                remedy="通知由结论产生，请核对基准日和考核年度。",
            )
        key = key_of(kind, cadre, evaluation.year, grounds_of(notice))

        def make(number: NoticeNumber, at: datetime) -> tuple[IssuedNotice, bytes]:
            content = self._set(
                notice_paper(notice, evaluation, organ.strip(), str(number)), evaluation.as_of
            )
            return _issued(notice, evaluation, number, content, by=by, at=at), content

        return self._issue(kind, key, make)

    def issue_for_talk(self, case: str, *, organ: str, by: str) -> IssuedNotice:
        """Issue the notice of an ordered talk after a first petition (Y75, Y76), once a talk.

        Raises:
            InvalidInput: the organ is not named.
            NotFound: there is no such talk.
            RuleViolation: it is an admonishing talk, whose notice follows from the advice.
            WrongPhase: its notice was served, or it was held or withdrawn.
            StaleState: others took one number after the other meanwhile.
        """
        if not organ.strip():
            raise InvalidInput("没有写发文机关。", remedy="通知须有落款的机关。", place="organ")
        talk, to = self._called_in(case)
        check_awaits_notice(talk)
        kind, day = NoticeKind.INTERVIEW, self._personnel.today()
        key = _key_of_talk(talk)

        def make(number: NoticeNumber, at: datetime) -> tuple[IssuedNotice, bytes]:
            content = self._set(interview_paper(talk, to, organ.strip(), str(number), day), day)
            new = IssuedNotice(
                id=0,
                number=number,
                kind=kind,
                cadre=talk.cadre,
                assessed_year=day.year,
                as_of=day,
                grounds=(talk.ordered.reason,),
                run="",
                paper=_kept(number, content),
                issued_by=by,
                issued_at=at,
            )
            return new, content

        return self._issue(kind, key, make)

    def word_for_talk(
        self, case: str, *, organ: str, purpose: str, by: str, template: WordTemplate | None = None
    ) -> tuple[CadreNumber, bytes]:
        """Set the notice of such a talk in Word, by a department's own template where one is given.

        It bears the number under which it was issued, and none before. That it was taken, and
        what for, is recorded.

        Raises:
            NotFound: there is no such talk.
            RuleViolation: it is an admonishing talk, whose notice follows from the advice.
            InvalidInput: the template cannot be filled in.
        """
        talk, to = self._called_in(case)
        with self._database.read() as db:
            issued = store.holding(db, _key_of_talk(talk))
        number, day = (
            (str(issued.number), issued.as_of) if issued else ("", self._personnel.today())
        )
        if template is None:
            values = interview_paper(talk, to, organ.strip(), number, day)
            content = word.paper_docx(values, dated=day)
        else:
            fields = interview_fields(talk, to, organ.strip(), number, day)
            content = word.fill_template(template.content, fields, template.name)
        paper = f"notice:{NoticeKind.INTERVIEW}"
        self._personnel.note_paper(paper, [talk.cadre], by=by, purpose=purpose, run="")
        return talk.cadre, content

    def _called_in(self, case: str) -> tuple[Talk, CadreCard]:
        """Find a talk whose notice does not follow from the advice, and whom it is with."""
        with self._database.read() as db:
            talk = TALKS.one(db, case)
            to = cadre_cards(db, {talk.cadre})[talk.cadre]
        if serves(talk.ordered.kind) is not NoticeKind.INTERVIEW:
            raise RuleViolation(
                f"{talk.ordered.kind}的通知书由结论产生。",
                remedy="请在干部的页面“纸质材料”里编号签发。",
                place=talk.cadre,
            )
        return talk, to

    def _issue(
        self,
        kind: NoticeKind,
        key: str,
        make: Callable[[NoticeNumber, datetime], tuple[IssuedNotice, bytes]],
    ) -> IssuedNotice:
        """Set a paper under the next number, again while others are faster; once a key."""
        for _ in range(_TRIES):
            at = self._personnel.now()
            with self._database.read() as db:
                known = store.holding(db, key)
                series = wordings()[kind].series
                number = store.next_number(db, series, at.astimezone(self._personnel.zone).year)
            if known is not None:
                return known
            new, content = make(number, at)
            try:
                return self._keep(new, key, content)
            except StaleState:
                continue
        raise StaleState("签发的人很多，没有取得文号。", remedy="请稍后再签发一次。")

    def withdraw(self, number: int, *, why: str, by: str) -> None:
        """Withdraw an issued notice; its number stays taken and the paper stays kept.

        Raises:
            NotFound: there is none of this id.
            InvalidInput: no reason is given.
            RuleViolation: it was served for a talk.
            StaleState: it was withdrawn already.
        """
        reason = one_line(why, "撤销理由", longest=LONGEST_TEXT)
        if not reason:
            raise InvalidInput("请写撤销的理由。", remedy="例如：依据的得分已更正。", place="理由")
        with self._database.write() as db:
            one, at = store.one(db, number), self._personnel.now()
            if (one.cadre, str(one.number)) in _served(TALKS.every(db, one.cadre)):
                raise RuleViolation(
                    f"{one.number}已经送达。", remedy="请先撤销那次谈话。", place=one.cadre
                )
            store.add_withdrawal(db, number, why=reason, by=by, at=at)
            detail = {"notice": str(one.number), "reason": reason}
            audit.record(db, at, by, "notice.withdraw", f"cadre:{one.cadre}", detail)

    def paper(self, number: int, *, purpose: Purpose, by: str) -> tuple[IssuedNotice, bytes]:
        """Open the paper of an issued notice for `by`; the reading is recorded with its purpose.

        Raises:
            NotFound: there is none of this id.
            Tampered: it is not what was issued.
        """
        with self._database.write() as db:
            one = store.one(db, number)
            detail = {"notice": str(one.number), "purpose": purpose.value}
            audit.record(db, self._personnel.now(), by, "notice.read", f"cadre:{one.cadre}", detail)
            return one, self._safe.open(db, one.case, one.paper)

    def note_export(self, *, rows: int, by: str) -> None:
        """Record that somebody took the register away."""
        with self._database.write() as db:
            at = self._personnel.now()
            audit.record(db, at, by, "notice.export", "issued-notices", {"rows": rows})

    def _set(self, values: dict[str, Value], day: date) -> bytes:
        return self._personnel.aside(partial(render, "paper", values, dated=day), ())

    def _keep(self, new: IssuedNotice, key: str, content: bytes) -> IssuedNotice:
        with self._database.write() as db:
            known = store.holding(db, key)
            if known is not None:
                return known
            # The number counted before the paper was set may be taken by now; nothing may be
            # left out either.
            if store.next_number(db, new.number.series, new.number.year) != new.number:
                raise StaleState("文号已被使用。", remedy="请再签发一次。")
            made = replace(new, id=store.add(db, new, key))
            self._safe.keep(db, new.case, new.paper, content)
            detail = {"notice": str(new.number), "kind": new.kind.value, "run": new.run}
            audit.record(
                db, new.issued_at, new.issued_by, "notice.issue", f"cadre:{new.cadre}", detail
            )
        return made


def _issued(
    notice: Notice,
    evaluation: Evaluation,
    number: NoticeNumber,
    content: bytes,
    *,
    by: str,
    at: datetime,
) -> IssuedNotice:
    return IssuedNotice(
        id=0,
        number=number,
        kind=notice.kind,
        cadre=notice.cadre.number,
        assessed_year=evaluation.year,
        as_of=evaluation.as_of,
        grounds=grounds_of(notice),
        run=evaluation.run,
        paper=_kept(number, content),
        issued_by=by,
        issued_at=at,
    )


def _key_of_talk(talk: Talk) -> str:
    return key_of(NoticeKind.INTERVIEW, talk.cadre, talk.ordered.due_on.year, (talk.id,))


def _kept(number: NoticeNumber, content: bytes) -> Paper:
    digest = hashlib.sha256(content).hexdigest()
    return Paper(new_id(), f"{case_of(number)}.pdf", MEDIA_TYPE, digest, len(content))


def _served(talks: tuple[Talk, ...]) -> dict[tuple[CadreNumber, str], Talk]:
    """Name the talk for which each number was served; a talk that was withdrawn frees it."""
    return {
        (one.cadre, one.notice.document): one
        for one in talks
        if one.notice is not None and one.withdrawn is None
    }
