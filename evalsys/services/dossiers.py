"""Dossiers on paper: one cadre, a few in one file, or the county one after the other."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from evalsys.domain.canonical import canonical
from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.dossiers import Dossier, dossier_values, dossiers_pdf
from evalsys.exports.pdf import Value, template_mark
from evalsys.ids import CadreNumber
from evalsys.services.personnel import Personnel

PAPER = "dossier"
IN_ONE_FILE = 200
"""Dossiers that one PDF may hold: some 400 pages and 200 MB while it is set."""
PURPOSE_LIMIT = 200
"""Characters that the purpose of a reading may have."""


@dataclass(frozen=True, slots=True)
class DossierOrder:
    """Whose dossiers, as things stood when, for whom and what.

    No `cadres` means everybody; day and year as in `Personnel.evaluate`; `organ` stands in the
    letterhead; `purpose` is kept on the audit log.
    """

    cadres: tuple[CadreNumber, ...] = ()
    as_of: date | None = None
    year: int | None = None
    organ: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One dossier that is still to be set: `mark` changes with anything that it would show."""

    number: CadreNumber
    mark: str
    values: dict[str, Value]


class Dossiers:
    """The dossiers of one order: the advice is worked out once, papers are set one by one."""

    def __init__(self, personnel: Personnel, order: DossierOrder, *, by: str) -> None:
        """Evaluate, and put on the audit log who takes whose dossier and what for.

        Raises:
            InvalidInput: the day lies ahead, or the purpose is too long.
            NotFound: a cadre does not serve on that day.
        """
        if len(order.purpose) > PURPOSE_LIMIT:
            raise InvalidInput(
                "用途过长。", remedy=f"请写在 {PURPOSE_LIMIT} 字以内。", place="purpose"
            )
        self._personnel = personnel
        self._order = order
        self.evaluation: Evaluation = personnel.evaluate(by=by, as_of=order.as_of, year=order.year)
        self._chosen = _chosen(self.evaluation, order.cadres)
        self._decisions = personnel.decisions_on(order.cadres)
        if order.cadres:
            numbers = [one.cadre.number for one in self._chosen]
            personnel.note_paper(
                PAPER, numbers, by=by, purpose=order.purpose, run=self.evaluation.run
            )
        else:
            rows = len(self._chosen)
            personnel.note_export("dossiers", by=by, evaluation=self.evaluation, rows=rows)

    @property
    def count(self) -> int:
        """How many cadres."""
        return len(self._chosen)

    def one_file(self) -> bytes:
        """Set all of them as one PDF.

        Raises:
            InvalidInput: they are more than a file may hold.
        """
        if self.count > IN_ONE_FILE:
            raise InvalidInput(
                f"一个文件最多放 {IN_ONE_FILE} 份档案，这里有 {self.count} 份。",
                remedy="请写到文件夹，每人一个文件；或用 --cadre 选人。",
                place="--out",
            )
        return self._set(self._values(self._chosen))

    def pages(self) -> Iterator[Page]:
        """Go through them one by one, in the order of the evaluation."""
        template = template_mark()
        for one in self._chosen:
            values = self._values([one])
            mark = hashlib.sha256(template + canonical(values)).hexdigest()[:32]
            yield Page(one.cadre.number, mark, values)

    def paper(self, page: Page) -> bytes:
        """Set one of them as a PDF."""
        return self._set(page.values)

    def _set(self, values: dict[str, Value]) -> bytes:
        return self._personnel.aside(partial(dossiers_pdf, self.evaluation, values), ())

    def _values(self, chosen: list[Assessed]) -> dict[str, Value]:
        people = [Dossier(one, self._decisions.get(one.cadre.number, ())) for one in chosen]
        zone = self._personnel.zone
        level = self._personnel.second_level()
        return dossier_values(self.evaluation, people, zone, organ=self._order.organ, level=level)


def _chosen(evaluation: Evaluation, numbers: tuple[CadreNumber, ...]) -> list[Assessed]:
    if not numbers:
        return list(evaluation.assessed)
    wanted = set(numbers)
    found = [one for one in evaluation.assessed if one.cadre.number in wanted]
    absent = sorted(wanted - {one.cadre.number for one in found})
    if absent:
        raise NotFound(
            f"在册干部中没有编号 {'、'.join(absent)}。",
            remedy="请核对 8 位编号。",
            place="--cadre",
        )
    return found
