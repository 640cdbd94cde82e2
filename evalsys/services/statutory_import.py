"""Statutory grades as rows of an import: words by staff type, the quota of the top grade."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from evalsys.domain.assessment import STATUTORY_GRADES
from evalsys.domain.roster_problems import ImportProblem
from evalsys.domain.rulebook import Rulebook
from evalsys.domain.statutory import (
    TOP,
    QuotaRules,
    QuotaScope,
    QuotaStanding,
    StatutoryGrade,
    quota_numbers,
    quota_standings,
)
from evalsys.ids import CadreNumber
from evalsys.services.assessment_rows import StagedRow
from evalsys.services.quotas import grade_places
from evalsys.store.assessment import serving_cadres
from evalsys.store.roster_merge import Merged
from evalsys.store.statutory import add_statutory_grades, quota_requests, statutory_grades


def grade_problems(
    db: Session, rows: Sequence[StagedRow], book: Rulebook, today: date
) -> Iterator[ImportProblem]:
    """Find grades that the cadre's staff type does not have, and units over their quota."""
    serving = {cadre.number: cadre for cadre in serving_cadres(db, today)}
    for row in rows:
        cadre = serving.get(CadreNumber(row.text("code")))
        allowed = STATUTORY_GRADES.get(cadre.staff_type) if cadre and cadre.staff_type else None
        if allowed is not None and row.text("grade") not in allowed:
            yield row.problem(
                "grade",
                f"{cadre.staff_type if cadre else ''}没有这一等次",
                f"应为：{'、'.join(allowed)}。联系群众考核等次不是法定等次，不要填在这里。",
            )
    for year in sorted({row.number("year") or 0 for row in rows}):
        of_year = [row for row in rows if row.number("year") == year]
        places = grade_places(db, year, today)
        rules = QuotaRules.of(quota_numbers(book, year, today))
        grades = {number: one.grade for number, one in statutory_grades(db, year).items()}
        grades |= {CadreNumber(row.text("code")): row.text("grade") for row in of_year}
        found = quota_standings(grades, places, quota_requests(db, year), rules)
        over = {(one.scope, one.code): one for one in found if one.is_over}
        for row in of_year:
            place = places.get(CadreNumber(row.text("code")))
            if row.text("grade") == TOP and place is not None:
                yield from _over(row, over, place)


def _over(
    row: StagedRow,
    over: Mapping[tuple[QuotaScope, str], QuotaStanding],
    place: tuple[str, str],
) -> Iterator[ImportProblem]:
    for scope, code in zip((QuotaScope.UNIT, QuotaScope.GROUP), place, strict=True):
        one = over.get((scope, code))
        if one is not None:
            which = "本单位" if scope is QuotaScope.UNIT else f"同类组“{code}”"
            yield row.problem(
                "grade",
                f"{which}优秀 {one.top} 人，超过比例（最多 {one.most} 人）",
                "请核减；确需提高比例的，在年度页面申请，由第二个人批准后再导入。",
            )


def merge_grades(db: Session, rows: Sequence[StagedRow], actor: str, now: datetime) -> Merged:
    """Keep checked grades; the same again changes nothing."""
    given = [
        StatutoryGrade(
            CadreNumber(row.text("code")),
            row.number("year") or 0,
            row.text("grade"),
            row.text("document"),
            date.fromisoformat(row.text("held_on")),
            actor,
            now,
        )
        for row in rows
    ]
    kept = {year: statutory_grades(db, year) for year in {one.year for one in given}}
    new = [one for one in given if one.cadre not in kept[one.year]]
    changed = [
        one
        for one in given
        if (old := kept[one.year].get(one.cadre)) is not None and not one.says_the_same(old)
    ]
    add_statutory_grades(db, [*new, *changed])
    return Merged(len(new), len(changed), len(given) - len(new) - len(changed))
