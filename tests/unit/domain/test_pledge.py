"""A public promise after the show: reminder, re-check, and who may call it kept (Y53, Y69)."""

from dataclasses import replace
from datetime import date

import pytest

from evalsys.domain.pledge import (
    PledgeRecord,
    PledgeStanding,
    Promise,
    Proof,
    Recheck,
    RecheckSays,
    Ruling,
    rule_on,
)
from evalsys.domain.working_days import after_working_days, working_days_between
from evalsys.errors import InvalidInput, RuleViolation

NUMBERS = {"hide_below": 5, "pledge_kept_at": 67, "pledge_remind_days": 3}
DUE = date(2026, 12, 10)  # a Thursday
RECORD = PledgeRecord(Promise("修好排水沟", DUE, "王建国"))
PROOF = Proof("验收单", date(2026, 12, 9), "wangjianguo")
NEW_YEAR = {date(2026, 1, 1), date(2026, 1, 2)}


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 12, 31), 1, date(2026, 1, 5)),  # over the holiday and a weekend
        (date(2026, 1, 5), 5, date(2026, 1, 12)),
        (date(2026, 1, 5), 0, date(2026, 1, 5)),
    ],
)
def test_working_days_leave_out_weekends_and_holidays(start: date, days: int, end: date) -> None:
    assert after_working_days(start, days, NEW_YEAR) == end
    assert working_days_between(start, end, NEW_YEAR) == days
    assert working_days_between(end, start, NEW_YEAR) == -days


@pytest.mark.parametrize(
    ("day", "standing", "reminder"),
    [
        (date(2026, 12, 4), PledgeStanding.RUNNING, False),
        (date(2026, 12, 7), PledgeStanding.DUE_SOON, True),
        (DUE, PledgeStanding.DUE_SOON, True),
        (date(2026, 12, 11), PledgeStanding.OVERDUE, True),
    ],
)
def test_the_calendar_speaks_until_somebody_rules(
    day: date, standing: PledgeStanding, *, reminder: bool
) -> None:
    assert RECORD.standing(day, NUMBERS, ()) is standing
    assert RECORD.is_reminder_due(day, NUMBERS, ()) is reminder
    told = replace(RECORD, reminded_on=(day,))
    assert not told.is_reminder_due(day, NUMBERS, ())
    assert not replace(RECORD, proofs=(PROOF,)).is_reminder_due(day, NUMBERS, ())


@pytest.mark.parametrize(
    ("recheck", "says"),
    [
        (Recheck(9, 4, 2, 0), RecheckSays.NOT_KEPT),  # 66.7 percent
        (Recheck(9, 5, 2, 2), RecheckSays.KEPT),
        (Recheck(9, 4, 0, 0), RecheckSays.TOO_FEW),
        (Recheck(9, 0, 0, 9), RecheckSays.TOO_FEW),
    ],
)
def test_households_say_whether_it_was_done(recheck: Recheck, says: RecheckSays) -> None:
    assert recheck.says(NUMBERS) is says


@pytest.mark.parametrize(
    ("record", "kept", "day", "why"),
    [
        (RECORD, False, DUE, "还没有过"),
        (RECORD, True, DUE, "没有佐证"),
        (replace(RECORD, proofs=(replace(PROOF, by="jijian"),)), True, DUE, "提交佐证的人"),
        (replace(RECORD, recheck=Recheck(9, 2, 6, 0)), True, DUE, "多数群众说没有办到"),
        (
            replace(RECORD, rulings=(Ruling(kept=True, basis="看过", ruled_on=DUE, by="a"),)),
            True,
            DUE,
            "同样的认定",
        ),
    ],
)
def test_a_ruling_that_cannot_be_is_refused(
    record: PledgeRecord, day: date, why: str, *, kept: bool
) -> None:
    with pytest.raises(RuleViolation, match=why):
        rule_on(record, kept=kept, basis="查看记录", day=day, by="jijian", numbers=NUMBERS)


def test_a_ruling_rests_on_a_basis_and_a_later_one_takes_its_place() -> None:
    proven = replace(RECORD, proofs=(PROOF,))
    with pytest.raises(InvalidInput, match="依据"):
        rule_on(proven, kept=True, basis=" ", day=DUE, by="jijian", numbers=NUMBERS)
    kept = rule_on(proven, kept=True, basis="现场查看", day=DUE, by="jijian", numbers=NUMBERS)
    ruled = replace(proven, rulings=(kept,))
    assert ruled.standing(DUE, NUMBERS, ()) is PledgeStanding.KEPT
    later = date(2026, 12, 20)
    broken = rule_on(ruled, kept=False, basis="复查", day=later, by="jijian", numbers=NUMBERS)
    again = replace(ruled, rulings=(kept, broken))
    assert again.standing(later, NUMBERS, ()) is PledgeStanding.BROKEN
