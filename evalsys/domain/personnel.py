"""What the personnel room knows of a cadre when it advises on promotion, and as which facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from evalsys.domain.assessment import AnnualResult, ContactGrade
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.roster_ranks import StaffType
from evalsys.domain.rulebook import Field, FieldKind, Given
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, LiveId, UnitCode


@dataclass(frozen=True, slots=True)
class Cadre:
    """A cadre as the roster has it. None means that the roster does not say."""

    number: CadreNumber
    name: str
    unit: UnitCode
    unit_name: str
    township: str
    post: str
    rank: str
    staff_type: StaffType | None
    on_probation: bool | None
    is_principal: bool | None
    """主要负责人 of the unit."""


@dataclass(frozen=True, slots=True)
class SessionFinding:
    """What one live session found about one cadre, drawn or named (Y35, Y53-Y55).

    `mean_tenths` is the households' mean in tenths of a mark of 1 to 5, None when it is
    not shown (too few answers, or all alike). A rehearsal is shown but never counts.
    """

    cadre: CadreNumber
    live: LiveId
    j: int
    verdict: SessionVerdict
    mean_tenths: int | None
    answered: int
    held_on: date
    title: str = ""
    rehearsal: bool = False
    investigated: bool = False
    pledges: int = 0
    pledge_due_on: date | None = None
    named_by: str = ""
    """Who named the cadre 点名, in the hall's words; empty for a drawn one."""
    naming_reason: str = ""
    is_enough: bool = True
    """Whether as many households completed as the plan asked for; fewer are insufficient data
    数据不足, which touch no promotion either way (draw, section 6)."""

    @property
    def is_named(self) -> bool:
        """Whether the cadre was named, not drawn: shown as such and never counted as drawn."""
        return bool(self.named_by)

    @property
    def calls_for_investigation(self) -> bool:
        """Whether a team was, or must be, sent (Y54); no conviction in itself."""
        return self.investigated or self.verdict in {
            SessionVerdict.ACCOUNTS_DIFFER,
            SessionVerdict.FAKED_SUSPECTED,
        }


class InvestigationOutcome(StrEnum):
    """What an investigation established."""

    FAKED = "查实弄虚作假"
    CLEARED = "未查实"
    CONFIRMED = "属实"
    """What the cadre said is true."""


@dataclass(frozen=True, slots=True)
class InvestigationReport:
    """How an investigation stands; the last one recorded for a round of a session holds.

    `sanction` is the decision taken on what was established, empty until there is one.
    """

    cadre: CadreNumber
    live: LiveId
    j: int
    outcome: InvestigationOutcome
    concluded_on: date
    basis: str
    sanction: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class FakedClose:
    """A request closed as solved that was not, established by a report (Y54).

    The report names whose faking it was: the household's cadre is not always who closed it.
    """

    cadre: CadreNumber
    request: str
    seq: int
    """Number of the event that holds the household's answer."""
    found_on: date
    concluded_on: date
    sanction: str
    """Empty until something was decided."""


def is_on_probation(day: date, since: date | None, until: date | None, *, flagged: bool) -> bool:
    """Say whether a cadre is on probation 试用期 on `day`: by its dates where they are known."""
    if not flagged:
        return False
    return (since is None or since <= day) and (until is None or day <= until)


class AppraisalOutcome(StrEnum):
    """What the cadre's own linked households say before an appointment (Y63-Y65)."""

    NOT_HELD = "未开展"
    SATISFIED = "满意"
    NOT_SATISFIED = "不满意"


@dataclass(frozen=True, slots=True)
class Appraisal:
    """A pre-appointment appraisal 任前群众评议: households linked, answered, satisfied."""

    cadre: CadreNumber
    held_on: date
    linked: int
    answered: int
    satisfied: int
    document: str
    recorded_by: str
    recorded_at: datetime

    def __post_init__(self) -> None:
        """Refuse counts that no appraisal can have.

        Raises:
            InvalidInput: not 0 ≤ satisfied ≤ answered ≤ linked, or nobody linked.
        """
        if not (0 <= self.satisfied <= self.answered <= self.linked and self.linked > 0):
            raise InvalidInput(
                "任前群众评议的户数前后不符。",
                remedy="应为：满意户数 ≤ 参评户数 ≤ 联系户数，联系户数至少 1 户。",
                place=self.cadre,
            )

    def satisfied_told(self, hide_below: int) -> str:
        """How many households were content, as anybody may read it: nothing of few answers."""
        return str(self.satisfied) if self.answered >= hide_below else "不公布"


@dataclass(frozen=True, slots=True)
class SanctionInEffect:
    """A sanction on an established faking: it has its effect from one day to the other (Y55)."""

    cadre: CadreNumber
    since: date
    until: date | None
    """The last day; None: it has no lasting effect."""

    def holds_on(self, day: date) -> bool:
        """Whether it has its effect on `day`."""
        return self.until is not None and self.since <= day <= self.until


@dataclass(frozen=True, slots=True)
class PledgeOutcome:
    """That a public promise was ruled kept or broken; the last ruling of a promise holds (Y53)."""

    cadre: CadreNumber
    pledge: str
    kept: bool
    ruled_on: date


@dataclass(frozen=True, slots=True)
class CadreFact:
    """What was recorded about a cadre for a field of the rules that no other register fills.

    `value` is written as in a facts file; empty takes the fact back.
    """

    cadre: CadreNumber
    field: str
    value: str
    since: date
    document: str
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class CadreRecord:
    """Everything that the rules look at for one cadre, year and day."""

    cadre: Cadre
    annual: AnnualResult
    findings: tuple[SessionFinding, ...] = ()
    """Sessions held by that day, rehearsals too."""
    reports: tuple[InvestigationReport, ...] = ()
    appraisal: Appraisal | None = None
    unit_person_times: int = 0
    """Unqualified results 人次 in the cadre's unit within the window (Y61)."""
    more: Mapping[str, str] = field(default_factory=dict)
    """Facts as they were recorded for fields that no other register fills."""
    broken_pledges: int = 0
    """Promises ruled broken in the year."""
    unit_broken_pledges: int = 0
    """Pledges of the cadre's unit at assemblies, ruled broken in the year (Y69)."""
    in_sanction: bool = False
    """Whether a sanction has its effect on the day."""
    faked_closes: tuple[FakedClose, ...] = ()

    def report_on(self, finding: SessionFinding) -> InvestigationReport | None:
        """Return how the investigation after `finding` ended, None while it is open."""
        found = None
        for report in self.reports:
            if (report.live, report.j) == (finding.live, finding.j):
                found = report
        return found


class Missing(NamedTuple):
    """In the place of a value that is not there: why. Quick to hash: a million people miss one."""

    why: str
    is_empty: bool = False
    """Nothing was entered, and that is an answer to 有 and 无: no booking, no day, no number."""


Value = Given | Missing

GRADE = "联系群众考核等次"
PROBATION = "试用期"
PRINCIPAL = "主要负责人"
STAFF_TYPE = "人员类别"
UNIT_PERSON_TIMES = "单位不合格人次"
NOTABLE = "显著实绩"
APPRAISAL = "任前群众评议"
FAKED = "查实弄虚作假次数"
FAKED_UNSANCTIONED = "查实未处理次数"
INVESTIGATIONS_OPEN = "未结调查次数"
NOT_DONE = "会上未完成次数"
BROKEN_PLEDGES = "承诺未兑现次数"
UNIT_BROKEN_PLEDGES = "单位承诺未兑现次数"
IN_SANCTION = "处理影响期"

FIELDS: tuple[Field, ...] = (
    Field(GRADE, FieldKind.CODE, "年度考核", tuple(ContactGrade)),
    Field(PROBATION, FieldKind.BOOLEAN, "干部名册"),
    Field(PRINCIPAL, FieldKind.BOOLEAN, "干部名册"),
    Field(STAFF_TYPE, FieldKind.CODE, "干部名册", tuple(StaffType)),
    Field(UNIT_PERSON_TIMES, FieldKind.INTEGER, "年度考核"),
    Field(NOTABLE, FieldKind.BOOLEAN, "年度考核"),
    Field(APPRAISAL, FieldKind.CODE, "任前群众评议登记", tuple(AppraisalOutcome)),
    Field(FAKED, FieldKind.INTEGER, "调查结论登记"),
    Field(FAKED_UNSANCTIONED, FieldKind.INTEGER, "调查结论登记"),
    Field(INVESTIGATIONS_OPEN, FieldKind.INTEGER, "直播调查大会、调查结论登记"),
    Field(NOT_DONE, FieldKind.INTEGER, "直播调查大会"),
    Field(BROKEN_PLEDGES, FieldKind.INTEGER, "承诺台账"),
    Field(UNIT_BROKEN_PLEDGES, FieldKind.INTEGER, "承诺台账"),
    Field(IN_SANCTION, FieldKind.BOOLEAN, "调查结论登记"),
)
"""The dictionary of fields that conditions may use."""


def facts_of(record: CadreRecord, numbers: Mapping[str, int]) -> dict[str, Value]:
    """Turn a record into the value of every field; `numbers` are the rulebook's of the day."""
    year = record.annual.year
    cadre = record.cadre
    faked = faked_unsanctioned = open_ = not_done = 0
    for finding in record.findings:
        report = record.report_on(finding)
        if finding.rehearsal or (not finding.is_enough and report is None):
            continue  # insufficient data count only once an investigation brought its own evidence
        in_year = finding.held_on.year == year
        not_done += in_year and finding.is_enough and finding.verdict is SessionVerdict.NOT_DONE
        if not finding.calls_for_investigation:
            continue
        if report is None:
            open_ += 1
        elif report.outcome is InvestigationOutcome.FAKED:
            faked += in_year
            faked_unsanctioned += not report.sanction
    faked += sum(one.found_on.year == year for one in record.faked_closes)
    faked_unsanctioned += sum(not one.sanction for one in record.faked_closes)
    pending = Missing(record.annual.pending)
    return {
        GRADE: record.annual.grade or pending,
        PROBATION: _known(cadre.on_probation, "名册未登记是否在试用期"),
        PRINCIPAL: _known(cadre.is_principal, "名册未登记是否主要负责人"),
        STAFF_TYPE: cadre.staff_type or Missing("名册未登记人员类别"),
        UNIT_PERSON_TIMES: record.unit_person_times,
        NOTABLE: pending if record.annual.grade is None else record.annual.notable,
        APPRAISAL: appraisal_outcome(record.appraisal, numbers),
        FAKED: faked,
        FAKED_UNSANCTIONED: faked_unsanctioned,
        INVESTIGATIONS_OPEN: open_,
        NOT_DONE: not_done,
        BROKEN_PLEDGES: record.broken_pledges,
        UNIT_BROKEN_PLEDGES: record.unit_broken_pledges,
        IN_SANCTION: record.in_sanction,
    }


def appraisal_outcome(
    appraisal: Appraisal | None, numbers: Mapping[str, int]
) -> AppraisalOutcome | Missing:
    """Judge a pre-appointment appraisal by quorum and threshold (Y65)."""
    if appraisal is None:
        return AppraisalOutcome.NOT_HELD
    if appraisal.answered < numbers["hide_below"]:
        return Missing(f"任前群众评议人数过少（少于 {numbers['hide_below']} 户）")
    if appraisal.answered * 100 < numbers["appraisal_quorum"] * appraisal.linked:
        rate = f"{appraisal.answered}/{appraisal.linked}"
        return Missing(f"任前群众评议参评率不足（{rate}，应达到 {numbers['appraisal_quorum']}%）")
    if appraisal.satisfied * 100 >= numbers["appraisal_pass"] * appraisal.answered:
        return AppraisalOutcome.SATISFIED
    return AppraisalOutcome.NOT_SATISFIED


def counts_in(appraisal: Appraisal, year: int, numbers: Mapping[str, int]) -> bool:
    """Whether an appraisal is looked at in an assessment year.

    One of that year or later is; one that did not satisfy also in the years that follow it, as
    many as the rulebook says (`appraisal_refused_years`, its own year included; Y65).
    """
    if appraisal.held_on.year >= year:
        return True
    return (
        still_refused(appraisal.held_on.year, year, numbers)
        and appraisal_outcome(appraisal, numbers) is AppraisalOutcome.NOT_SATISFIED
    )


def still_refused(held: int, year: int, numbers: Mapping[str, int]) -> bool:
    """Whether households who were not content in the year `held` are not asked again in `year`."""
    return held <= year < held + numbers["appraisal_refused_years"]


def _known(value: bool | None, otherwise: str) -> Value:  # noqa: FBT001 - a fact, not a switch
    return Missing(otherwise) if value is None else value
