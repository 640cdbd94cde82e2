"""An investigation after the show: evidence, report, sanction, and its clock (Y54, Y55).

The team was sent on stage; here is what became of it. Working days run from the day of the
session.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import sha256
from typing import Final, get_args

from evalsys.domain.casebook import Language, Noted, Paper
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.domain.working_days import after_working_days
from evalsys.domain.written import LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber, LiveId

SHA256_DIGITS: Final = 64


class InvestigationStage(StrEnum):
    """Where an investigation stands."""

    RUNNING = "调查中"
    OVERDUE = "逾期"
    TO_SANCTION = "待处理"
    DONE = "已办结"


@dataclass(frozen=True, slots=True)
class EvidenceAdded:
    """A piece of evidence: a file that is kept sealed, or where it lies and its hash."""

    number: int
    title: str
    file: Paper | None
    reference: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Concluded:
    """The team's report established something, or nothing."""

    outcome: InvestigationOutcome
    concluded_on: date
    basis: str
    cadre: CadreNumber | None = None
    """Who faked a close; after a session it is whoever stood on stage, and not repeated here."""


@dataclass(frozen=True, slots=True)
class Sanctioned:
    """What was decided on an established faking; its effect lasts to the end of `until`."""

    cadre: CadreNumber
    sanction: str
    basis: str
    decided_on: date
    until: date | None


InvestigationEvent = EvidenceAdded | Concluded | Sanctioned
INVESTIGATION: Final[Language[InvestigationEvent]] = Language(*get_args(InvestigationEvent))


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What was recorded of an investigation since the show; nothing yet is an empty one."""

    id: str
    seq: int = 0
    evidence: tuple[Noted[EvidenceAdded], ...] = ()
    concluded: Concluded | None = None
    concluded_by: str = ""
    sanctioned: Sanctioned | None = None

    def stage(
        self,
        opened_on: date,
        day: date,
        numbers: Mapping[str, int],
        holidays: Collection[date],
    ) -> InvestigationStage:
        """Say where it stands on `day`; the clock began on `opened_on`."""
        if self.concluded is None:
            over = day > due_on(opened_on, numbers, holidays)
            return InvestigationStage.OVERDUE if over else InvestigationStage.RUNNING
        established = self.concluded.outcome is InvestigationOutcome.FAKED
        waits = established and self.sanctioned is None
        return InvestigationStage.TO_SANCTION if waits else InvestigationStage.DONE

    def item(self, number: int) -> EvidenceAdded:
        """Return one piece of evidence.

        Raises:
            NotFound: there is none of this number.
        """
        for noted in self.evidence:
            if noted.event.number == number:
                return noted.event
        raise NotFound(f"没有第 {number} 件证据。", remedy="请从列表中选择。")


def case_of(live: LiveId, j: int) -> str:
    """Name the investigation after round `j` of a session."""
    return f"i-{live}-{j}"


def case_of_request(request: str, seq: int) -> str:
    """Name the investigation of a close that its household denied in event `seq`."""
    return f"r-{sha256(f'{request}|{seq}'.encode()).hexdigest()[:32]}"


def due_on(opened_on: date, numbers: Mapping[str, int], holidays: Collection[date]) -> date:
    """Return the last day by which an investigation should have its report."""
    return after_working_days(opened_on, numbers["investigation_days"], holidays)


def inquiry(case: str, events: Iterable[Noted[InvestigationEvent]]) -> Inquiry:
    """Fold what was recorded; without events it is empty."""
    found = Inquiry(case)
    for noted in events:
        match noted.event:
            case EvidenceAdded() as added:
                item = Noted(added, noted.by, noted.at, noted.seq)
                found = replace(found, evidence=(*found.evidence, item))
            case Concluded() as concluded:
                found = replace(found, concluded=concluded, concluded_by=noted.by, sanctioned=None)
            case Sanctioned() as sanctioned:
                found = replace(found, sanctioned=sanctioned)
        found = replace(found, seq=noted.seq)
    return found


def purpose_of(text: str) -> str:
    """Return for what somebody opens a file of evidence.

    Raises:
        InvalidInput: nothing was given.
    """
    if not text.strip():
        raise InvalidInput("请写明查看的目的。", remedy="例如：核对报告。", place="目的")
    return text.strip()[:200]


def add_evidence(
    state: Inquiry, title: str, *, file: Paper | None, reference: str, sha256: str
) -> EvidenceAdded:
    """Add a piece of evidence: a file, or where it lies with its hash.

    Raises:
        InvalidInput: it has no title, or is neither a file nor a place with a SHA-256.
    """
    named = _written(title, "证据名称")
    if file is not None:
        return EvidenceAdded(len(state.evidence) + 1, named, file, "", file.sha256)
    place = one_line(reference, "存放处", longest=LONGEST_TEXT)
    digest = sha256.strip().lower()
    is_hash = len(digest) == SHA256_DIGITS and set(digest) <= set("0123456789abcdef")
    if not place or not is_hash:
        raise InvalidInput(
            "请上传文件，或写明存放处和文件的 SHA-256。",
            remedy="SHA-256 为 64 位十六进制数字，可用 sha256sum 计算。",
            place="证据",
        )
    return EvidenceAdded(len(state.evidence) + 1, named, None, place, digest)


def conclude(  # noqa: PLR0913 - what a report says
    state: Inquiry,
    outcome: InvestigationOutcome,
    *,
    concluded_on: date,
    basis: str,
    opened_on: date,
    day: date,
    cadre: CadreNumber | None = None,
) -> Concluded:
    """Record what the report established; a new report takes the place of an earlier one.

    `cadre` is who faked a close, as the report names them.

    Raises:
        InvalidInput: no report is named, or its day cannot be.
        RuleViolation: there is no evidence, or a sanction rests on the earlier report.
    """
    if not state.evidence:
        raise RuleViolation(
            "还没有证据，不能下结论。", remedy="请先登记证据：上传文件，或写明存放处和哈希。"
        )
    if state.sanctioned is not None:
        raise RuleViolation(
            "已经作出处理，结论不能改写。", remedy="如须复查，请另行立案，由原决定机关撤销处理。"
        )
    if not opened_on <= concluded_on <= day:
        raise InvalidInput(
            "结论日期早于立案的那一天，或还没有到。", remedy="请核对日期。", place="结论日期"
        )
    return Concluded(outcome, concluded_on, _written(basis, "调查报告"), cadre)


@dataclass(frozen=True, slots=True)
class SanctionDecision:
    """What somebody decided elsewhere and records here: not checked yet."""

    decision: str
    basis: str
    """The document that it stands in."""
    decided_on: date
    until: date | None
    """Last day of its effects, where it has an end."""


def sanction(
    state: Inquiry, cadre: CadreNumber, decided: SanctionDecision, *, by: str, day: date
) -> Sanctioned:
    """Record the sanction on an established faking, with what it rests on (Y55).

    Raises:
        InvalidInput: decision or basis is missing, or a day cannot be.
        RuleViolation: whoever concluded also sanctions.
        WrongPhase: nothing is established, or a sanction is recorded.
    """
    concluded = state.concluded
    if concluded is None or concluded.outcome is not InvestigationOutcome.FAKED:
        raise WrongPhase("没有查实弄虚作假的结论，不能登记处理。", remedy="请先登记调查结论。")
    if state.sanctioned is not None:
        raise WrongPhase("处理已经登记。", remedy="请看记录。")
    if by == state.concluded_by:
        raise RuleViolation(
            "登记调查结论的人不能登记处理决定。", remedy="请由另一个人根据处理文件登记。"
        )
    decided_on, until = decided.decided_on, decided.until
    if not concluded.concluded_on <= decided_on <= day or (until and until < decided_on):
        raise InvalidInput(
            "处理日期或影响期不可能。",
            remedy="处理不早于结论、不晚于今天；影响期不早于处理。",
            place="处理日期",
        )
    said, basis = _written(decided.decision, "处理决定"), _written(decided.basis, "处理依据")
    return Sanctioned(cadre, said, basis, decided_on, until)


def _written(text: str, place: str) -> str:
    found = one_line(text, place, longest=LONGEST_TEXT)
    if not found:
        raise InvalidInput(f"请填写{place}。", remedy="补全后再提交。", place=place)
    return found
