"""A unit's year: its own components with dated weights, their coverage and n (Y31, Y68).

The department spot check is what households made of the unit's programmes (Y38-Y39); the
household appraisal is its cadres', pooled by answers and suppressed so that no small figure
comes back by subtraction.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evalsys.domain.assessment import (
    AssessmentInput,
    Component,
    Counts,
    Part,
    Standard,
    YearScore,
    entered_scores,
    weigh,
    weighted_mean,
)
from evalsys.domain.component_scores import ComponentScore, Subject, year_scores
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.programme_results import ProgrammeResult
from evalsys.domain.scoring import BAND_WORDS, Band, Release
from evalsys.domain.suppression import TOWNSHIP, UNIT, Leaf, Pooled, Suppressed, suppress
from evalsys.domain.unit_pledges import pledge_score, ruled_in
from evalsys.ids import CadreNumber, UnitCode

HIDDEN = "人数过少，或为防止由合计反推，不显示"
_OF_HUNDRED = 20
"""A point of five is twenty of a hundred."""


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit's year. `total_tenths` is None when nothing of it counts."""

    unit: UnitCode
    name: str
    cadres: int
    graded: int
    """Cadres with a result of their own: the coverage."""
    households: Counts
    parts: tuple[Part, ...]
    total_tenths: int | None

    @property
    def excluded(self) -> tuple[Part, ...]:
        """The components that were left out, each with its reason."""
        return tuple(part for part in self.parts if part.absent)

    def part(self, component: Component) -> Part:
        """Return how one component stands."""
        absent = Part(component, 0, None, "未录入")
        return next((part for part in self.parts if part.component is component), absent)


@dataclass(frozen=True, slots=True)
class CountyYear:
    """All units of a year, and the household appraisal of townships and of the county."""

    year: int
    units: tuple[UnitYear, ...]
    townships: Mapping[str, Pooled]
    whole: Pooled


def county_year(
    evaluation: Evaluation,
    programmes: Iterable[tuple[UnitCode, ProgrammeResult]],
    before: Sequence[Sequence[Leaf]] = (),
) -> CountyYear:
    """Put every unit's year together from an evaluation and what was heard of programmes.

    `before` is what few households said on the days before, in view of which sums are shown.
    """
    day = min(evaluation.as_of, evaluation.as_of.replace(year=evaluation.year, month=12, day=31))
    in_force = evaluation.book.on(day)
    shown = _households(evaluation, in_force.standard, before)
    heard = spot_checks(programmes, date(evaluation.year, 1, 1), date(evaluation.year, 12, 31))
    promised = ruled_in(evaluation.facts.unit_pledges, date(evaluation.year, 1, 1), day)
    own: dict[str, list[ComponentScore]] = defaultdict(list)
    for score in evaluation.facts.scores:
        if score.subject is Subject.UNIT:
            own[score.code].append(score)
    members: dict[UnitCode, list[int]] = defaultdict(list)
    for at, one in enumerate(evaluation.assessed):
        members[one.cadre.unit].append(at)
    units = []
    for unit in evaluation.units:
        people = [evaluation.assessed[at] for at in members[unit.unit]]
        counts = _added([one.annual.households for one in people])
        entered = year_scores(own[unit.unit], evaluation.year, in_force.unit_standard)
        if unit.unit in heard:
            entered.setdefault(Component.SPOT_CHECK, heard[unit.unit])
        if unit.unit in promised:
            entered.setdefault(Component.PLEDGES, pledge_score(promised[unit.unit]))
        pooled = shown.groups[UNIT].get(unit.unit)
        if pooled is not None:
            entered[Component.HOUSEHOLD] = YearScore(pooled.tenths, counts)
        parts = _named(weigh(entered, in_force.unit_standard), hidden=pooled)
        units.append(
            UnitYear(
                unit=unit.unit,
                name=unit.name,
                cadres=len(people),
                graded=sum(one.annual.grade is not None for one in people),
                households=counts,
                parts=parts,
                total_tenths=weighted_mean(parts),
            )
        )
    return CountyYear(evaluation.year, tuple(units), shown.groups[TOWNSHIP], shown.whole)


def _households(
    evaluation: Evaluation, standard: Standard, before: Sequence[Sequence[Leaf]]
) -> Suppressed:
    """Suppress the household appraisals of all cadres, by unit and township."""
    inputs: dict[CadreNumber, AssessmentInput] = {
        given.cadre: given for given in evaluation.facts.inputs if given.year == evaluation.year
    }
    scores: dict[str, list[ComponentScore]] = defaultdict(list)
    for score in evaluation.facts.scores:
        if score.subject is Subject.CADRE and score.component is Component.HOUSEHOLD:
            scores[score.code].append(score)
    leaves = (
        household_leaf(
            one.cadre.number,
            (one.cadre.unit, one.cadre.township),
            inputs.get(one.cadre.number),
            scores[one.cadre.number],
            evaluation.year,
            standard,
        )
        for one in evaluation.assessed
    )
    return suppress(filter(None, leaves), hide_below=standard.hide_below, before=before)


def household_leaf(
    cadre: CadreNumber,
    groups: tuple[str, str],
    given: AssessmentInput | None,
    scores: Iterable[ComponentScore],
    year: int,
    standard: Standard,
) -> Leaf | None:
    """Give what households said of one cadre of a unit and township, None without a score."""
    entered = {**entered_scores(given), **year_scores(scores, year, standard)}
    base = entered.get(Component.HOUSEHOLD)
    if base is None or base.score_tenths is None:
        return None
    return Leaf(cadre, groups, base.counts.answered or 0, base.score_tenths)


def spot_checks(
    programmes: Iterable[tuple[UnitCode, ProgrammeResult]], first: date, last: date
) -> dict[UnitCode, YearScore]:
    """Pool what households made of each unit's programmes in these days, weighted by answers.

    Rehearsals do not count.
    """
    heard: dict[UnitCode, list[ProgrammeResult]] = defaultdict(list)
    for unit, result in programmes:
        if first <= result.held_on <= last and not result.rehearsal:
            heard[unit].append(result)
    found = {}
    for unit, results in heard.items():
        usable = [one for one in results if one.band is not Band.TOO_FEW]
        n = sum(one.answered for one in usable)
        points = sum(one.answered * _tenths(one) for one in usable)
        counts = Counts(
            called=sum(one.called for one in results),
            answered=n or sum(one.answered for one in results),
        )
        mean = (2 * points + n) // (2 * n) if n else None
        alike = usable[0].band if len(usable) == 1 and usable[0].band in BAND_WORDS else None
        same = sum(one.band in BAND_WORDS for one in usable)
        told = f"由 {len(usable)} 次项目评议"
        if alike is not None:
            told = f"由 {len(usable)} 次项目评议，各户打分一致，按组中值计入"
        elif same:
            told = f"由 {len(usable)} 次项目评议，其中 {same} 次各户打分一致，按组中值计入"
        found[unit] = YearScore(mean, counts, told, alike)
    return found


def _tenths(result: ProgrammeResult) -> int:
    """Return a programme's score of a hundred, in tenths; a band counts with its class mark."""
    release = Release(result.answered, result.mean_tenths, result.band)
    return _OF_HUNDRED * (release.assessed_tenths or 0)


def _named(parts: tuple[Part, ...], hidden: Pooled | None) -> tuple[Part, ...]:
    """Say of a household appraisal that is hidden that it is hidden, not that it is absent."""
    if hidden is None or hidden.tenths is not None:
        return parts
    return tuple(
        replace(part, absent=HIDDEN) if part.component is Component.HOUSEHOLD else part
        for part in parts
    )


def _added(counts: Iterable[Counts]) -> Counts:
    """Add counts up; what nobody counted anywhere stays uncounted."""

    def total(values: list[int | None]) -> int | None:
        known = [value for value in values if value is not None]
        return sum(known) if known else None

    every = list(counts)
    return Counts(
        total([one.asked for one in every]),
        total([one.called for one in every]),
        total([one.reached for one in every]),
        total([one.answered for one in every]),
    )
