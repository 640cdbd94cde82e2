"""A cadre's year: what enters the annual assessment 年度考核, and its result (Y57-Y59).

Scores are integers in tenths of a point of 100: 857 is 85.7. The total is the weighted
mean of the components that are there, rounded half up to a tenth; no floats anywhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from evalsys.domain.roster_ranks import StaffType
from evalsys.domain.scoring import BAND_WORDS, CLASS_MARK_TENTHS, Band
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber

FULL_TENTHS = 1000
"""100.0 points."""
_OF_HUNDRED = 20
"""A point of five is twenty of a hundred."""


@dataclass(frozen=True, slots=True)
class AssessmentInput:
    """What the roster or a campaign entered for a cadre's year, in tenths; None is absent.

    An absent input is excluded explicitly, never counted as zero.
    """

    cadre: CadreNumber
    year: int
    household_score_tenths: int | None
    households_linked: int
    households_answered: int
    unit_rating_tenths: int | None
    inspection_tenths: int | None
    households_called: int | None = None
    households_reached: int | None = None
    """How many households were dialled and spoken with; None where nobody counted."""
    household_band: Band | None = field(default=None, repr=False)
    """Where all gave alike: which band, in the place of a score; the score itself is nowhere."""

    def __post_init__(self) -> None:
        """Refuse what no assessment can yield.

        Raises:
            InvalidInput: a score outside 0-100.0, or more answers than linked households.
        """
        for name, score in (
            ("联系户评议得分", self.household_score_tenths),
            ("单位民主测评", self.unit_rating_tenths),
            ("明察暗访", self.inspection_tenths),
        ):
            if score is not None and not 0 <= score <= FULL_TENTHS:
                raise InvalidInput(
                    f"{name}超出 0 至 100 分：{show_tenths(score)}。",
                    remedy="请核对原始评分表。",
                    place=f"{self.cadre} {self.year}",
                )
        if self.household_band is not None and (
            self.household_score_tenths is not None or self.household_band not in BAND_WORDS
        ):
            raise InvalidInput(
                "全体一致的评议只登记分档，不登记得分。",
                remedy="得分和分档只能有一个。",
                place=f"{self.cadre} {self.year}",
            )
        if not 0 <= self.households_answered <= self.households_linked:
            raise InvalidInput(
                f"参评户数 {self.households_answered} 与联系户数 {self.households_linked} 不符。",
                remedy="参评户数应在 0 与联系户数之间。",
                place=f"{self.cadre} {self.year}",
            )


STATUTORY_GRADES: Mapping[StaffType, tuple[str, ...]] = {
    StaffType.CIVIL_SERVANT: ("优秀", "称职", "基本称职", "不称职"),
    StaffType.INSTITUTION: ("优秀", "合格", "基本合格", "不合格"),
}
"""The grades of the national annual assessment. A `ContactGrade` is none of them."""


class ContactGrade(StrEnum):
    """Local grade of contact work 联系群众考核等次 (Y59).

    It is not a statutory grade: 不合格 here never stands for a civil servant's 不称职,
    nor for the 不合格 of a public institution's own assessment.
    """

    QUALIFIED = "合格"
    UNQUALIFIED = "不合格"


class Component(StrEnum):
    """What a year is made of (Y57, Y39, L13, L28, G07, G13). Petition statistics are none (Y77)."""

    HOUSEHOLD = "联系户综合评议"
    UNIT_RATING = "单位民主测评"
    INSPECTION = "明察暗访"
    OPEN_INSPECTION = "明察"
    COVERT_INSPECTION = "暗访"
    SPOT_CHECK = "部门抽查"
    THIRD_PARTY = "第三方测评"
    WINDOW = "窗口测评"
    SESSION = "会议认定"
    PLEDGES = "承诺兑现"
    REQUESTS = "诉求办理"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many were to be asked, were called, reached, answered; None where nobody counted.

    Shown beside every score: "100%" of whom is what a county must be able to defend (Y63-Y64).
    """

    asked: int | None = None
    called: int | None = None
    reached: int | None = None
    answered: int | None = None


NOBODY = Counts()


@dataclass(frozen=True, slots=True)
class YearScore:
    """One component of one subject's year before it is weighed; None is an absent score.

    `note` says how it came about when it was not entered as such.
    """

    score_tenths: int | None
    counts: Counts = NOBODY
    note: str = ""
    band: Band | None = None
    """Where all gave alike; `score_tenths` is its class mark then, to reckon with."""


@dataclass(frozen=True, slots=True)
class Standard:
    """The numbers of one assessment: percent for weights and quorum, tenths for marks."""

    weights: Mapping[Component, int]
    pass_mark: int
    notable_mark: int
    hide_below: int
    quorum: int
    from_quarters: bool = False
    """Whether a component without a score of the year takes the mean of its quarters."""
    open_share: int = 50
    """Percent of the open inspection 明察 where 明察暗访 is made of its two halves."""


@dataclass(frozen=True, slots=True)
class Part:
    """One component as it counts: its score, its weight in percent, why it is left out.

    `weight` is the dated weight; `absent` is empty when the component counts. The score
    of a component that may not be shown (too few answers) is not here.
    """

    component: Component
    weight: int
    score_tenths: int | None
    absent: str = ""
    counts: Counts = NOBODY
    note: str = ""
    band: Band | None = None
    """Where all gave alike: views show it in the place of the class mark."""

    @property
    def shown(self) -> str:
        """The score as views show it: a decimal, a band's words, or empty."""
        if self.band is not None:
            return BAND_WORDS[self.band]
        return "" if self.score_tenths is None else show_tenths(self.score_tenths)


@dataclass(frozen=True, slots=True)
class AnnualResult:
    """One cadre's year. `grade` is None while `pending` says what is missing (待核)."""

    year: int
    parts: tuple[Part, ...]
    linked: int
    answered: int
    total_tenths: int | None
    grade: ContactGrade | None
    notable: bool
    pending: str = ""

    @property
    def excluded(self) -> tuple[Part, ...]:
        """The components that were left out, each with its reason."""
        return tuple(part for part in self.parts if part.absent)

    @property
    def households(self) -> Counts:
        """How many of the cadre's households were called, reached and answered."""
        return self.part(Component.HOUSEHOLD).counts

    def part(self, component: Component) -> Part:
        """Return how one component stands; one that is no part of the year is absent."""
        absent = Part(component, 0, None, "未录入")
        return next((part for part in self.parts if part.component is component), absent)

    def score_of(self, component: Component) -> int | None:
        """Return the score of one component in tenths, None when absent or not to be shown."""
        return self.part(component).score_tenths


def annual_result(
    given: AssessmentInput | None,
    year: int,
    standard: Standard,
    scores: Mapping[Component, YearScore] | None = None,
) -> AnnualResult:
    """Weigh one cadre's year (Y57): the household appraisal is the base, the rest joins it.

    `given` is what the roster or a campaign entered, `scores` what was entered component by
    component: where both have one, the latter holds. A component that is absent is left out
    by name and the weights of the others are scaled up. Without the base, or with too few
    answers in it, there is no grade: the result is pending, neither a pass nor a fail.
    """
    entered = {**entered_scores(given), **(scores or {})}
    parts = weigh(entered, standard)
    if given is None and not scores:
        return AnnualResult(year, parts, 0, 0, None, None, notable=False, pending="未录入年度考核")
    base = entered.get(Component.HOUSEHOLD, YearScore(None))
    doubt = _doubt(base, standard)
    if doubt:
        parts = tuple(
            replace(part, absent=doubt) if part.component is Component.HOUSEHOLD else part
            for part in parts
        )
    total = None if doubt else weighted_mean(parts)
    return AnnualResult(
        year=year,
        parts=parts,
        linked=base.counts.asked or 0,
        answered=base.counts.answered or 0,
        total_tenths=total,
        grade=_grade(total, standard),
        notable=total is not None and total >= standard.notable_mark,
        pending=doubt or ("" if total is not None else "没有一个部分可以计入"),
    )


def weigh(entered: Mapping[Component, YearScore], standard: Standard) -> tuple[Part, ...]:
    """Put the dated weight beside each score; name what is absent, hidden or without weight."""
    return tuple(
        _part(component, entered.get(component), standard)
        for component in Component
        if standard.weights.get(component, 0) or component in entered
    )


def is_too_few(counts: Counts, standard: Standard) -> bool:
    """Say whether so few answered that a score would tell who gave it; unknown counts are not."""
    return counts.answered is not None and counts.answered < standard.hide_below


def weighted_mean(parts: Iterable[Part]) -> int | None:
    """Return the mean of what counts, half up; None when nothing does."""
    weighed = [(p.weight, p.score_tenths) for p in parts if not p.absent]
    whole = sum(weight for weight, _ in weighed)
    points = sum(weight * (score or 0) for weight, score in weighed)
    return (2 * points + whole) // (2 * whole) if whole else None


def show_tenths(tenths: int) -> str:
    """Write tenths as a decimal: 857 becomes "85.7", -5 becomes "-0.5"."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def entered_scores(given: AssessmentInput | None) -> dict[Component, YearScore]:
    """Give what the roster or a campaign entered, component by component."""
    if given is None:
        return {}
    households = Counts(
        given.households_linked,
        given.households_called,
        given.households_reached,
        given.households_answered,
    )
    band = given.household_band
    if band is None:
        base = YearScore(given.household_score_tenths, households)
    else:
        mark = CLASS_MARK_TENTHS[band] * _OF_HUNDRED
        told = f"各户打分一致，只公布分档，按组中值 {show_tenths(mark)} 计入"
        base = YearScore(mark, households, told, band)
    found = {Component.HOUSEHOLD: base}
    for component, tenths in (
        (Component.UNIT_RATING, given.unit_rating_tenths),
        (Component.INSPECTION, given.inspection_tenths),
    ):
        if tenths is not None:
            found[component] = YearScore(tenths)
    return found


def _doubt(base: YearScore, standard: Standard) -> str:
    """Say why the household appraisal cannot carry a result; empty when it can."""
    linked, answered = base.counts.asked or 0, base.counts.answered or 0
    if base.score_tenths is None:
        return "没有联系户评议得分"
    if answered < standard.hide_below:
        # Fewer and a neighbour could tell who said what; neutral for the cadre.
        return f"联系户评议人数过少（少于 {standard.hide_below} 户）"
    if answered * 100 < standard.quorum * linked:
        return f"联系户参评率不足（{answered}/{linked}，应达到 {standard.quorum}%）"
    return ""


def _part(component: Component, given: YearScore | None, standard: Standard) -> Part:
    weight = standard.weights.get(component, 0)
    if given is None or given.score_tenths is None:
        counts = given.counts if given else NOBODY
        return Part(component, weight, None, "未录入", counts)
    if is_too_few(given.counts, standard):
        few = f"作答人数过少（少于 {standard.hide_below}）"
        return Part(component, weight, None, few, given.counts)
    useless = "" if weight else "权重为 0，只供参考"
    return Part(
        component, weight, given.score_tenths, useless, given.counts, given.note, given.band
    )


def _grade(total: int | None, standard: Standard) -> ContactGrade | None:
    if total is None:
        return None
    return ContactGrade.QUALIFIED if total >= standard.pass_mark else ContactGrade.UNQUALIFIED
