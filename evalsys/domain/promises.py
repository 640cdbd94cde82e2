"""Pledges of past sessions with what became of them, and as an agenda to be asked again (Y69).

A pledge is an event of a sealed record. Proofs and rulings are reported beside the record, each by
somebody with a name, and never changed; what they make of the pledge is the rule in `pledge`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from enum import StrEnum

from evalsys.domain.agenda import Issue, amount_of
from evalsys.domain.live.state import LiveState, Pledge, Round
from evalsys.domain.local_date import local_date
from evalsys.domain.pledge import PledgeRecord, PledgeStanding, Promise, Proof, Ruling, rule_on
from evalsys.domain.written import LONGEST_NAME, LONGEST_TEXT, one_line
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId


class ReportKind(StrEnum):
    """What somebody reports of a pledge."""

    PROOF = "proof"
    """How far it has come, and what shows it."""
    KEPT = "kept"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Report:
    """A proof or a ruling, as it was recorded."""

    kind: ReportKind
    done: str
    """How much of the target was reached, as a decimal; empty where nobody counted."""
    text: str
    """The proof: an acceptance sheet, a visit, a number and its source; or the ruling's basis."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """A pledge with what became of it."""

    live: LiveId
    session: str
    """Title of the session."""
    rehearsal: bool
    round: Round
    pledge: Pledge
    reports: tuple[Report, ...] = ()

    @property
    def done(self) -> str:
        """How much was reached by the last report that counted; empty when none did."""
        return next((one.done for one in reversed(self.reports) if one.done), "")

    def record(self, zone: tzinfo) -> PledgeRecord:
        """Give the pledge as the rule of `pledge` reckons with it; days are the county's."""
        promise = Promise(
            self.pledge.measure, date.fromisoformat(self.pledge.due_on), self.pledge.responsible
        )
        days = [(one, local_date(one.at, zone)) for one in self.reports]
        proofs = (Proof(r.text, day, r.by) for r, day in days if r.kind is ReportKind.PROOF)
        rulings = (
            Ruling(r.kind is ReportKind.KEPT, r.text, day, r.by)
            for r, day in days
            if r.kind is not ReportKind.PROOF
        )
        return PledgeRecord(promise, proofs=tuple(proofs), rulings=tuple(rulings))

    def standing(self, today: date) -> PledgeStanding:
        """Say how it stands: as it was ruled, else by its day."""
        rulings = [one for one in self.reports if one.kind is not ReportKind.PROOF]
        if rulings:
            kept = rulings[-1].kind is ReportKind.KEPT
            return PledgeStanding.KEPT if kept else PledgeStanding.BROKEN
        over = self.pledge.due_on < today.isoformat()
        return PledgeStanding.OVERDUE if over else PledgeStanding.RUNNING

    def is_due(self, today: date) -> bool:
        """Whether its day has come, and nobody ruled that it was kept."""
        reached = self.pledge.due_on <= today.isoformat()
        return reached and self.standing(today) is not PledgeStanding.KEPT


def check_report(followed: Followed, report: Report, zone: tzinfo) -> Report:
    """Return a report as it is kept.

    Raises:
        InvalidInput: nothing shows it, or the amount is no number.
        RuleViolation: as `pledge.rule_on` says of a ruling.
    """
    done = amount_of(report.done, may_be_zero=True) if report.done.strip() else ""
    if report.kind is ReportKind.PROOF:
        text = one_line(report.text, "依据", longest=LONGEST_TEXT)
        if not text:
            raise InvalidInput(
                "请写明依据。", remedy="例如：验收单编号、实地查看、数据来源。", place="依据"
            )
        return replace(report, text=text, done=done)
    ruling = rule_on(
        followed.record(zone),
        kept=report.kind is ReportKind.KEPT,
        basis=report.text,
        day=local_date(report.at, zone),
        by=report.by,
        numbers={},  # they judge a re-check by phone, and none is recorded here
    )
    return replace(report, text=ruling.basis, done=done)


def pledges_of(
    live: LiveId, state: LiveState, reports: Mapping[int, tuple[Report, ...]]
) -> tuple[Followed, ...]:
    """List a session's pledges in the order of its rounds."""
    plan = state.plan
    return tuple(
        Followed(
            live,
            plan.title if plan else "",
            bool(plan and plan.rehearsal),
            current,
            pledge,
            reports.get(pledge.seq, ()),
        )
        for current in state.rounds
        for pledge in current.pledges
    )


def asked_again(
    due: Iterable[Followed], answers: Mapping[str, tuple[str, str]]
) -> tuple[Issue, ...]:
    """Make issues of a later assembly out of pledges that fell due.

    `answers` gives unit and name of a cadre by number; an assembly's own pledge names both.
    """
    return tuple(
        _issue(n, one, answers.get(one.round.cadre, ("", ""))) for n, one in enumerate(due, start=1)
    )


def _issue(n: int, one: Followed, answers: tuple[str, str]) -> Issue:
    pledge, issue = one.pledge, one.round.issue
    target = pledge.target
    goal = f"，目标：{target.what} {target.amount} {target.unit}" if target else ""
    question = (
        f"“{one.session}”上承诺 {pledge.due_on} 前完成：{pledge.measure}{goal}。现在做到了吗？"
    )
    unit, speaker = (issue.unit, issue.speaker) if issue else answers
    title = f"承诺回头看 {n}：{issue.title if issue else pledge.measure}"
    return Issue(
        title=title[:LONGEST_NAME],
        question=question[:LONGEST_TEXT],
        unit=unit or pledge.responsible,
        speaker=speaker or pledge.responsible,
        post=issue.post if issue else "",
        requests=issue.requests if issue else 0,
        places=issue.places if issue else 0,
    )
