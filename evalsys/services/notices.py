"""Notices that are due, as papers: who gets which follows from the advice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import partial

from evalsys.domain.notices import EFFECTS, Notice, NoticeKind, notices_of
from evalsys.domain.personnel_county import Evaluation
from evalsys.errors import NotFound
from evalsys.exports import word
from evalsys.exports.notices import notice_fields, notice_paper
from evalsys.exports.pdf import render
from evalsys.ids import CadreNumber
from evalsys.services.personnel import Personnel


class PaperForm(StrEnum):
    """What kind of file a notice is."""

    PDF = "pdf"
    WORD = "docx"


@dataclass(frozen=True, slots=True)
class WordTemplate:
    """A department's own Word template, and its file's name for errors."""

    content: bytes
    name: str


@dataclass(frozen=True, slots=True)
class NoticeOrder:
    """Which notices: of these kinds (all), to these cadres (everybody), as things stood when."""

    kinds: tuple[NoticeKind, ...] = ()
    cadres: tuple[CadreNumber, ...] = ()
    as_of: date | None = None
    year: int | None = None
    organ: str = ""
    purpose: str = ""
    template: WordTemplate | None = None


class Notices:
    """The notices of one order, to be set one by one."""

    def __init__(self, personnel: Personnel, order: NoticeOrder, *, by: str) -> None:
        """Evaluate, and put on the audit log to whom notices are taken out and what for.

        Raises:
            InvalidInput: the day lies ahead.
            NotFound: a single person was asked for to whom no such notice is due.
        """
        self._personnel, self._order = personnel, order
        self.evaluation: Evaluation = personnel.evaluate(by=by, as_of=order.as_of, year=order.year)
        self.due: tuple[Notice, ...] = tuple(
            notice
            for notice in notices_of(self.evaluation)
            if (not order.kinds or notice.kind in order.kinds)
            and (not order.cadres or notice.cadre.number in order.cadres)
        )
        if order.cadres and not self.due:
            raise NotFound(
                f"{'、'.join(order.cadres)} 没有应发的通知。",
                remedy="请核对编号、基准日和通知种类；通知由结论产生。",
                place="--cadre",
            )
        by_kind: dict[NoticeKind, list[CadreNumber]] = {}
        for notice in self.due:
            by_kind.setdefault(notice.kind, []).append(notice.cadre.number)
        for kind, numbers in by_kind.items():
            personnel.note_paper(
                f"notice:{kind}", numbers, by=by, purpose=order.purpose, run=self.evaluation.run
            )

    @property
    def counts(self) -> Mapping[NoticeKind, int]:
        """How many are due of each kind, all kinds always there."""
        return {kind: sum(n.kind is kind for n in self.due) for kind in EFFECTS}

    def paper(self, notice: Notice, form: PaperForm) -> bytes:
        """Set one notice.

        Raises:
            InvalidInput: the department's own template cannot be filled in.
        """
        order, evaluation = self._order, self.evaluation
        if form is PaperForm.WORD and order.template is not None:
            fields = notice_fields(notice, evaluation, order.organ)
            return word.fill_template(order.template.content, fields, order.template.name)
        values = notice_paper(notice, evaluation, order.organ)
        if form is PaperForm.WORD:
            return word.paper_docx(values, dated=evaluation.as_of)
        setting = partial(render, "paper", values, dated=evaluation.as_of)
        return self._personnel.aside(setting, ())
