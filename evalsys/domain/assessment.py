"""A cadre's year: what enters the annual assessment 年度考核, and its result (Y57-Y59).

Scores are integers in tenths of a point of 100: 857 is 85.7. The total is the weighted
mean of the components that are there, rounded half up to a tenth; no floats anywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from evalsys.domain.roster_ranks import StaffType
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber

FULL_TENTHS = 1000
"""100.0 points."""


@dataclass(frozen=True, slots=True)
class AssessmentInput:
    """The three inputs of one cadre and year, in tenths of a point of 100; None is absent.

    An absent input is excluded explicitly, never counted as zero.
    """

    cadre: CadreNumber
    year: int
    household_score_tenths: int | None
    households_linked: int
    households_answered: int
    unit_rating_tenths: int | None
    inspection_tenths: int | None

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
    """What the annual total is made of (Y57)."""

    HOUSEHOLD = "联系户综合评议"
    UNIT_RATING = "单位民主测评"
    INSPECTION = "明察暗访"


@dataclass(frozen=True, slots=True)
class Standard:
    """The numbers of one assessment: percent for weights and quorum, tenths for marks."""

    weights: Mapping[Component, int]
    pass_mark: int
    notable_mark: int
    hide_below: int
    quorum: int


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

    def score_of(self, component: Component) -> int | None:
        """Return the score of one component in tenths, None when absent or not to be shown."""
        return next(part.score_tenths for part in self.parts if part.component is component)


def annual_result(given: AssessmentInput | None, year: int, standard: Standard) -> AnnualResult:
    """Weigh one cadre's year (Y57): the household appraisal is the base, the rest joins it.

    A component that is absent is left out by name and the weights of the others are
    scaled up. Without the base, or with too few answers in it, there is no grade: the
    result is pending, which is neither a pass nor a fail.
    """
    if given is None:
        parts = tuple(Part(c, standard.weights[c], None, "未录入") for c in Component)
        return AnnualResult(year, parts, 0, 0, None, None, notable=False, pending="未录入年度考核")
    doubt = _doubt(given, standard)
    household = Part(
        Component.HOUSEHOLD,
        standard.weights[Component.HOUSEHOLD],
        None if given.households_answered < standard.hide_below else given.household_score_tenths,
        doubt,
    )
    parts = (
        household,
        _part(Component.UNIT_RATING, given.unit_rating_tenths, standard),
        _part(Component.INSPECTION, given.inspection_tenths, standard),
    )
    total = None if doubt else _weighted_mean(parts)
    return AnnualResult(
        year=year,
        parts=parts,
        linked=given.households_linked,
        answered=given.households_answered,
        total_tenths=total,
        grade=_grade(total, standard),
        notable=total is not None and total >= standard.notable_mark,
        pending=doubt,
    )


def show_tenths(tenths: int) -> str:
    """Write tenths as a decimal: 857 becomes "85.7", -5 becomes "-0.5"."""
    sign = "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def _doubt(given: AssessmentInput, standard: Standard) -> str:
    """Say why the household appraisal cannot carry a result; empty when it can."""
    if given.household_score_tenths is None:
        return "没有联系户评议得分"
    if given.households_answered < standard.hide_below:
        # Fewer and a neighbour could tell who said what; neutral for the cadre.
        return f"联系户评议人数过少（少于 {standard.hide_below} 户）"
    if given.households_answered * 100 < standard.quorum * given.households_linked:
        rate = f"{given.households_answered}/{given.households_linked}"
        return f"联系户参评率不足（{rate}，应达到 {standard.quorum}%）"
    return ""


def _part(component: Component, score: int | None, standard: Standard) -> Part:
    absent = "未录入" if score is None else ""
    return Part(component, standard.weights[component], score, absent)


def _weighted_mean(parts: tuple[Part, ...]) -> int:
    weighed = [(p.weight, p.score_tenths) for p in parts if p.score_tenths is not None]
    whole = sum(weight for weight, _ in weighed)
    points = sum(weight * score for weight, score in weighed)
    return (2 * points + whole) // (2 * whole)


def _grade(total: int | None, standard: Standard) -> ContactGrade | None:
    if total is None:
        return None
    return ContactGrade.QUALIFIED if total >= standard.pass_mark else ContactGrade.UNQUALIFIED
