"""The whole county under one rulebook, on one day: everybody's result, every unit's standing."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from evalsys.domain.assessment import (
    AnnualResult,
    AssessmentInput,
    ContactGrade,
    annual_result,
)
from evalsys.domain.component_scores import ComponentScore, Subject, year_scores
from evalsys.domain.cycles import year_of
from evalsys.domain.eligibility import Judge, Verdict
from evalsys.domain.peers import group_of
from evalsys.domain.personnel import (
    Appraisal,
    Cadre,
    CadreFact,
    CadreRecord,
    FakedClose,
    InvestigationReport,
    PledgeOutcome,
    SanctionInEffect,
    SessionFinding,
    counts_in,
)
from evalsys.domain.rulebook import Conclusion, Rulebook, RulesInForce, SideResult
from evalsys.domain.unit_pledges import UnitPledge, broken_by_unit
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, UnitCode

PeerGroups = tuple[tuple[CadreNumber, str, int | None], ...]
"""Every cadre with the peer group and the total of the year."""
OfCadre = TypeVar("OfCadre", SessionFinding, InvestigationReport, FakedClose)


@dataclass(frozen=True, slots=True)
class CountyFacts:
    """Everything recorded that the rules may look at, for all cadres and years."""

    cadres: tuple[Cadre, ...]
    inputs: tuple[AssessmentInput, ...] = ()
    findings: tuple[SessionFinding, ...] = ()
    reports: tuple[InvestigationReport, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    more: tuple[CadreFact, ...] = ()
    scores: tuple[ComponentScore, ...] = ()
    """Of each component the score that holds, of cadres and units, years and quarters."""
    sanctions: tuple[SanctionInEffect, ...] = ()
    pledges: tuple[PledgeOutcome, ...] = ()
    unit_pledges: tuple[UnitPledge, ...] = ()
    faked_closes: tuple[FakedClose, ...] = ()

    @property
    def sha256(self) -> str:
        """A hash over all of it: equal facts, equal hash."""
        whole = hashlib.sha256()
        bands = [(row.cadre, row.year, row.household_band) for row in self.inputs]
        alike = tuple((who, year, band.value) for who, year, band in bands if band)
        rooms = (self.cadres, self.inputs, self.findings, self.reports, self.appraisals)
        same = tuple((one.key, one.band.value) for one in self.scores if one.band)
        more = (
            self.more,
            self.scores,
            self.sanctions,
            self.pledges,
            alike,
            self.unit_pledges,
            same,
            self.faked_closes,
        )
        for rows in (*rooms, *filter(None, more)):
            for row in rows:
                whole.update(repr(row).encode())
                whole.update(b"\n")
            whole.update(b"\x00")
        return whole.hexdigest()


@dataclass(frozen=True, slots=True)
class Assessed:
    """One cadre: the record, and the advice on it."""

    record: CadreRecord
    verdict: Verdict

    @property
    def cadre(self) -> Cadre:
        """Who it is."""
        return self.record.cadre

    @property
    def annual(self) -> AnnualResult:
        """The year's result."""
        return self.record.annual


@dataclass(frozen=True, slots=True)
class UnitStanding:
    """A unit's person-times of unqualified 不合格人次 in the window, and what follows (Y61).

    `pending` counts results still open, which could raise the number; `principals` may be
    empty when the roster names none, which has to be put right before anybody is admonished.
    """

    unit: UnitCode
    name: str
    cadres: int
    qualified: int
    unqualified: tuple[tuple[CadreNumber, int], ...]
    pending: int
    principals: tuple[Cadre, ...]
    admonish_at: int

    @property
    def person_times(self) -> int:
        """How many unqualified results, one cadre counting once a year."""
        return len(self.unqualified)

    @property
    def is_admonished(self) -> bool:
        """Whether the principal is to be given an admonishing talk 诫勉谈话."""
        return self.person_times >= self.admonish_at

    @property
    def may_yet_be(self) -> bool:
        """Whether the open results could still bring it about."""
        return not self.is_admonished and self.person_times + self.pending >= self.admonish_at


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One run over the county. The same facts, rules, year and day give the same `run`."""

    run: str
    as_of: date
    year: int
    book: Rulebook
    rules: RulesInForce
    facts: CountyFacts
    facts_sha256: str
    assessed: tuple[Assessed, ...]
    units: tuple[UnitStanding, ...]

    @property
    def conclusions(self) -> Mapping[Conclusion, int]:
        """How many cadres came to each conclusion, all four always there."""
        count = Counter(one.verdict.conclusion for one in self.assessed)
        return {word: count[word] for word in Conclusion}

    @property
    def side_results(self) -> Mapping[SideResult, int]:
        """How many cadres have each side result, all always there."""
        count = Counter(word for one in self.assessed for word in one.verdict.side_results)
        return {word: count[word] for word in SideResult}


def run_id(book_sha256: str, facts_sha256: str, as_of: date, year: int) -> str:
    """Name a run by what went into it: 16 hex digits."""
    parts = "|".join((book_sha256, facts_sha256, as_of.isoformat(), str(year)))
    return hashlib.sha256(parts.encode()).hexdigest()[:16]


def check_year(book: Rulebook, year: int, as_of: date) -> None:
    """Insist on a year that can be judged on `as_of`.

    Raises:
        InvalidInput: the year has not begun on that day, or no rules were in force then.
    """
    if not book.begins.year <= year <= as_of.year:
        raise InvalidInput(
            f"考核年度 {year} 不在 {book.begins.year} 年（规则集开始）至 {as_of.year} 年之间。",
            remedy="请改考核年度，或改基准日。",
            place="year",
        )


def evaluate(facts: CountyFacts, book: Rulebook, *, as_of: date, year: int) -> Evaluation:
    """Advise on every cadre for `year` as things stood on `as_of`.

    Raises:
        InvalidInput: the year has not begun on that day, or no rules were in force then.
    """
    check_year(book, year, as_of)
    rules = book.on(as_of)
    first = max(book.begins.year, year - rules.numbers["admonish_window"] + 1)
    years = range(first, year + 1)
    results = {y: _results(facts, book, as_of, y) for y in years}
    units = _units(facts.cadres, results, rules.numbers["admonish_principal_at"])
    person_times = {unit.unit: unit.person_times for unit in units}
    findings = _by_cadre(f for f in facts.findings if f.held_on <= as_of)
    reports = _by_cadre(r for r in facts.reports if r.concluded_on <= as_of)
    faked = _by_cadre(one for one in facts.faked_closes if one.concluded_on <= as_of)
    appraisals = {
        a.cadre: a
        for a in sorted(facts.appraisals, key=lambda a: (a.held_on, a.recorded_at))
        if a.held_on <= as_of and counts_in(a, year, rules.numbers)
    }
    more = _more(facts, as_of)
    broken = _broken(facts, as_of, year)
    units_broken = broken_by_unit(facts.unit_pledges, as_of, year)
    sanctioned = {one.cadre for one in facts.sanctions if one.holds_on(as_of)}
    judge = Judge(rules)
    assessed = []
    for cadre in facts.cadres:
        record = CadreRecord(
            cadre=cadre,
            annual=results[year][cadre.number],
            findings=findings.get(cadre.number, ()),
            reports=reports.get(cadre.number, ()),
            appraisal=appraisals.get(cadre.number),
            unit_person_times=person_times[cadre.unit],
            more=more.get(cadre.number, {}),
            broken_pledges=broken[cadre.number],
            unit_broken_pledges=len(units_broken.get(cadre.unit, ())),
            in_sanction=cadre.number in sanctioned,
            faked_closes=faked.get(cadre.number, ()),
        )
        assessed.append(Assessed(record, judge.verdict(record)))
    facts_sha256 = facts.sha256
    run = run_id(rules.sha256, facts_sha256, as_of, year)
    return Evaluation(
        run=run,
        as_of=as_of,
        year=year,
        book=book,
        rules=rules,
        facts=facts,
        facts_sha256=facts_sha256,
        assessed=tuple(assessed),
        units=units,
    )


def _results(
    facts: CountyFacts, book: Rulebook, as_of: date, year: int
) -> dict[CadreNumber, AnnualResult]:
    """One year's results, by the numbers in force at that year's end (or today, within it)."""
    standard = book.on(min(as_of, date(year, 12, 31))).standard
    inputs = {given.cadre: given for given in facts.inputs if given.year == year}
    entered: dict[str, list[ComponentScore]] = defaultdict(list)
    for score in facts.scores:
        if score.subject is Subject.CADRE and year_of(score.cycle) == year:
            entered[score.code].append(score)
    return {
        cadre.number: annual_result(
            inputs.get(cadre.number),
            year,
            standard,
            year_scores(entered[cadre.number], year, standard) if cadre.number in entered else None,
        )
        for cadre in facts.cadres
    }


def _units(
    cadres: Sequence[Cadre],
    results: Mapping[int, Mapping[CadreNumber, AnnualResult]],
    admonish_at: int,
) -> tuple[UnitStanding, ...]:
    members: dict[UnitCode, list[Cadre]] = defaultdict(list)
    for cadre in cadres:
        members[cadre.unit].append(cadre)
    standings = []
    for unit, people in sorted(members.items()):
        grades = [
            (cadre.number, year, result[cadre.number].grade)
            for year, result in results.items()
            for cadre in people
        ]
        standings.append(
            UnitStanding(
                unit=unit,
                name=people[0].unit_name,
                cadres=len(people),
                qualified=sum(grade is ContactGrade.QUALIFIED for *_, grade in grades),
                unqualified=tuple(
                    (number, year)
                    for number, year, grade in grades
                    if grade is ContactGrade.UNQUALIFIED
                ),
                pending=sum(grade is None for *_, grade in grades),
                principals=tuple(cadre for cadre in people if cadre.is_principal),
                admonish_at=admonish_at,
            )
        )
    return tuple(standings)


def _broken(facts: CountyFacts, as_of: date, year: int) -> Counter[CadreNumber]:
    """Count the promises that stand as broken on `as_of` by a ruling of the year (Y53)."""
    last = {one.pledge: one for one in facts.pledges if one.ruled_on <= as_of}
    return Counter(one.cadre for one in last.values() if not one.kept and one.ruled_on.year == year)


def _more(facts: CountyFacts, as_of: date) -> dict[CadreNumber, dict[str, str]]:
    """Take of each field the fact with the latest day up to `as_of`, the last recorded of a day."""
    found: dict[CadreNumber, dict[str, str]] = defaultdict(dict)
    for one in sorted(facts.more, key=lambda one: one.since):
        if one.since <= as_of:
            found[one.cadre][one.field] = one.value
    return found


def _by_cadre(rows: Iterable[OfCadre]) -> dict[CadreNumber, tuple[OfCadre, ...]]:
    gathered: dict[CadreNumber, list[OfCadre]] = defaultdict(list)
    for row in rows:
        gathered[row.cadre].append(row)
    return {number: tuple(found) for number, found in gathered.items()}


def peer_groups(
    evaluation: Evaluation,
    kinds: Mapping[UnitCode, str],
    assigned: Mapping[CadreNumber, str],
) -> PeerGroups:
    """Give every cadre with the peer group and the total of the year (Y81)."""
    return tuple(
        (
            one.cadre.number,
            group_of(one.cadre.rank, one.cadre.unit, kinds, assigned.get(one.cadre.number, "")),
            one.annual.total_tenths,
        )
        for one in evaluation.assessed
    )
