"""After the show: evidence before a report, a report before a sanction (Y54, Y55)."""

from collections.abc import Callable
from datetime import date

import pytest

from evalsys.domain import investigations as i
from evalsys.domain.casebook import Entry, Noted, Paper
from evalsys.domain.personnel import InvestigationOutcome
from evalsys.errors import InvalidInput, NotFound, RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from tests.builders import NOON

HELD, DAY = date(2026, 11, 20), date(2026, 12, 1)
NUMBERS = {"investigation_days": 20}
CADRE = CadreNumber("00004211")
FILE = Paper("f" * 32, "走访照片.zip", "application/octet-stream", "0" * 64, 9)
EVIDENCE = i.EvidenceAdded(1, "走访照片", FILE, "", "0" * 64)
FAKED = i.Concluded(InvestigationOutcome.FAKED, DAY, "调查报告 12 号")
CLEARED = i.Concluded(InvestigationOutcome.CLEARED, DAY, "调查报告 12 号")
SANCTION = i.Sanctioned(CADRE, "党内警告", "处分决定 3 号", DAY, date(2027, 6, 1))


def after(*events: i.InvestigationEvent) -> i.Inquiry:
    return i.inquiry("i-1", [Noted(e, "jijian", NOON, n) for n, e in enumerate(events, 1)])


@pytest.mark.parametrize(
    ("events", "day", "stage"),
    [
        ((), date(2026, 12, 18), i.InvestigationStage.RUNNING),
        ((EVIDENCE,), date(2026, 12, 19), i.InvestigationStage.OVERDUE),
        ((EVIDENCE, FAKED), DAY, i.InvestigationStage.TO_SANCTION),
        ((EVIDENCE, FAKED, SANCTION), DAY, i.InvestigationStage.DONE),
        ((EVIDENCE, CLEARED), DAY, i.InvestigationStage.DONE),
    ],
)
def test_where_it_stands(
    events: tuple[i.InvestigationEvent, ...], day: date, stage: i.InvestigationStage
) -> None:
    assert after(*events).stage(HELD, day, NUMBERS, ()) is stage


def concluded(state: i.Inquiry, on: date = DAY) -> i.Concluded:
    return i.conclude(
        state,
        InvestigationOutcome.FAKED,
        concluded_on=on,
        basis="调查报告 12 号",
        opened_on=HELD,
        day=DAY,
    )


def sanctioned(
    state: i.Inquiry, *, by: str = "lingdao", on: date = DAY, until: date | None = None
) -> i.Sanctioned:
    decided = i.SanctionDecision("党内警告", "处分决定", on, until)
    return i.sanction(state, CADRE, decided, by=by, day=DAY)


REFUSED: list[tuple[Callable[[i.Inquiry], object], i.Inquiry, type[Exception], str]] = [
    (concluded, after(), RuleViolation, "还没有证据"),
    (concluded, after(EVIDENCE, FAKED, SANCTION), RuleViolation, "已经作出处理"),
    (lambda s: concluded(s, date(2026, 11, 19)), after(EVIDENCE), InvalidInput, "早于立案的那一天"),
    (sanctioned, after(EVIDENCE), WrongPhase, "没有查实"),
    (sanctioned, after(EVIDENCE, CLEARED), WrongPhase, "没有查实"),
    (sanctioned, after(EVIDENCE, FAKED, SANCTION), WrongPhase, "已经登记"),
    (lambda s: sanctioned(s, by="jijian"), after(EVIDENCE, FAKED), RuleViolation, "不能登记处理"),
    (lambda s: sanctioned(s, on=HELD), after(EVIDENCE, FAKED), InvalidInput, "不可能"),
    (lambda s: sanctioned(s, until=HELD), after(EVIDENCE, FAKED), InvalidInput, "不可能"),
    (lambda s: s.item(2), after(EVIDENCE), NotFound, "没有第 2 件"),
]


@pytest.mark.parametrize(("step", "state", "error", "why"), REFUSED)
def test_a_step_out_of_turn_is_refused(
    step: Callable[[i.Inquiry], object], state: i.Inquiry, error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why):
        step(state)


def test_evidence_is_a_file_or_a_place_with_a_hash() -> None:
    assert i.add_evidence(after(), "走访照片", file=FILE, reference="", sha256="") == EVIDENCE
    kept = i.add_evidence(
        after(EVIDENCE), "录像", file=None, reference="档案室 3 柜", sha256="AB" * 32
    )
    assert (kept.number, kept.sha256) == (2, "ab" * 32)
    for place, digest in (("", "ab" * 32), ("档案室", "ab"), ("档案室", "xy" * 32)):
        with pytest.raises(InvalidInput, match="SHA-256"):
            i.add_evidence(after(), "录像", file=None, reference=place, sha256=digest)


def test_a_new_report_takes_the_place_of_an_earlier_one_and_events_are_kept_exactly() -> None:
    again = after(EVIDENCE, CLEARED, concluded(after(EVIDENCE)))
    assert again.stage(HELD, DAY, NUMBERS, ()) is i.InvestigationStage.TO_SANCTION
    assert sanctioned(after(EVIDENCE, FAKED), until=date(2027, 6, 1)).until is not None
    for event in (EVIDENCE, FAKED, SANCTION):
        kind, body = i.INVESTIGATION.write(event)
        assert i.INVESTIGATION.read(Entry("i-1", 1, kind, body, "jijian", NOON)).event == event
