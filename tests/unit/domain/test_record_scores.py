"""What a cycle takes over from sessions, promises, requests and programmes, and what it leaves."""

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from evalsys.domain.assessment import Component, Counts, YearScore
from evalsys.domain.component_scores import ComponentScore, Origin, Subject, year_scores
from evalsys.domain.cycles import CycleCode
from evalsys.domain.live.words import Verdict
from evalsys.domain.personnel import InvestigationOutcome, PledgeOutcome, SessionFinding
from evalsys.domain.record_scores import (
    Fate,
    Outcome,
    Recorded,
    Tally,
    new_scores,
    outcomes,
    pledges,
    recorded,
    sessions,
)
from evalsys.domain.scoring import Band
from evalsys.exports.record_scores import record_scores_table
from evalsys.exports.scores import scores_table
from evalsys.exports.table import Tenths
from evalsys.ids import CadreNumber, UnitCode
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_finding, a_report

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 1)
WHO = CadreNumber("00004211")
YEAR = CycleCode("2026")
OUTCOME = InvestigationOutcome


def _found(verdict: Verdict, day: date = LAST, **different: object) -> SessionFinding:
    return a_finding(verdict, str(WHO), held_on=day, **different)


@pytest.mark.parametrize(
    ("finding", "report", "expected"),
    [
        (_found(Verdict.CONFIRMED), None, Tally(1, 1, 1)),
        (_found(Verdict.NOT_DONE), None, Tally(1, 1, 0)),
        (_found(Verdict.ACCOUNTS_DIFFER), None, Tally(1, 0, 0)),
        (_found(Verdict.CONFIRMED, investigated=True), None, Tally(1, 0, 0)),
        (_found(Verdict.FAKED_SUSPECTED), OUTCOME.CLEARED, Tally(1, 1, 1)),
        (_found(Verdict.FAKED_SUSPECTED), OUTCOME.FAKED, Tally(1, 1, 0)),
        (_found(Verdict.CONFIRMED, rehearsal=True), None, None),
        (_found(Verdict.CONFIRMED, is_enough=False), None, None),
        (_found(Verdict.NOT_DONE, is_enough=False), OUTCOME.CONFIRMED, Tally(1, 1, 1)),
        (_found(Verdict.CONFIRMED, FIRST - timedelta(days=1)), None, None),
        (_found(Verdict.CONFIRMED, LAST + timedelta(days=1)), None, None),
    ],
)
def test_a_round_counts_once_it_is_decided(
    finding: SessionFinding, report: InvestigationOutcome | None, expected: Tally | None
) -> None:
    reports = [] if report is None else [a_report(report, concluded_on=LAST)]
    assert sessions([finding], reports, FIRST, LAST).get(WHO) == expected


def test_a_report_of_a_later_day_is_not_known_yet() -> None:
    late = a_report(OUTCOME.FAKED, concluded_on=LAST + timedelta(days=1))
    found = sessions([_found(Verdict.FAKED_SUSPECTED)], [late], FIRST, LAST)
    assert found[WHO] == Tally(1, 0, 0)


def test_of_a_promise_the_last_ruling_holds_on_each_day() -> None:
    broken, kept = date(2026, 6, 1), date(2026, 9, 1)
    rulings = [
        PledgeOutcome(WHO, "p-1", kept=False, ruled_on=broken),
        PledgeOutcome(WHO, "p-1", kept=True, ruled_on=kept),
        PledgeOutcome(WHO, "p-2", kept=True, ruled_on=date(2025, 12, 31)),
        PledgeOutcome(WHO, "p-3", kept=False, ruled_on=kept),
    ]
    assert pledges(rulings, FIRST, broken)[WHO] == Tally(1, 1, 0)
    assert pledges(rulings, FIRST, LAST)[WHO] == Tally(2, 2, 1)


def test_a_share_is_rounded_half_up_and_nothing_decided_is_no_score() -> None:
    assert Tally(8, 8, 5).tenths == 625
    assert Tally(3, 3, 2).tenths == 667
    assert Tally(4, 0, 0).tenths is None
    with pytest.raises(ValueError, match="known=1"):
        Tally(1, 2, 0)


def _records() -> tuple[Recorded, ...]:
    heard = YearScore(840, Counts(called=20, answered=12), "由 1 次项目评议")
    return recorded({WHO: Tally(3, 2, 1)}, {WHO: Tally(1, 1, 1)}, {}, {UnitCode("U001"): heard}, {})


def test_what_is_recorded_says_its_source_and_n() -> None:
    assert [(one.component, one.tenths, one.facts, one.told) for one in _records()] == [
        (Component.SESSION, 500, 3, "县内记录：会议认定 3 项，有结论 2 项，属实 1 项"),
        (Component.PLEDGES, 1000, 1, "县内记录：已认定的承诺 1 项，兑现 1 项"),
        (Component.SPOT_CHECK, 840, 12, "县内记录：由 1 次项目评议"),
    ]


def _standing(found: tuple[Outcome, ...], as_of: date = LAST) -> tuple[ComponentScore, ...]:
    made = new_scores(found, YEAR, as_of, by="zuzhi", at=NOON)
    return tuple(replace(one, id=n) for n, one in enumerate(made, 1))


def _fates(found: tuple[Outcome, ...]) -> list[Fate]:
    return [one.fate for one in found]


def test_the_same_records_change_nothing_and_new_ones_replace_on_record() -> None:
    first = outcomes(_records(), (), LAST)
    assert _fates(first) == [Fate.NEW] * 3
    standing = _standing(first)
    assert _fates(outcomes(_records(), standing, LAST + timedelta(days=9))) == [Fate.UNCHANGED] * 3
    grown = recorded({WHO: Tally(4, 3, 2)}, {WHO: Tally(1, 1, 1)}, {}, {}, {})
    later = outcomes(grown, standing, LAST)
    assert _fates(later) == [Fate.CHANGED, Fate.UNCHANGED, Fate.CHANGED]
    session, lost = new_scores(later, YEAR, LAST, by="zuzhi", at=NOON)
    assert (session.tenths, session.corrects) == (667, 1)
    assert (lost.subject, lost.tenths, lost.corrects) == (Subject.UNIT, None, 3)
    assert Fate.LATER in _fates(outcomes(grown, standing, LAST - timedelta(days=1)))


def test_what_somebody_entered_or_corrected_stands() -> None:
    standing = _standing(outcomes(_records(), (), LAST))
    entered = [replace(one, tenths=10, origin=Origin.ENTERED) for one in standing]
    found = outcomes(_records(), entered, LAST)
    assert _fates(found) == [Fate.KEPT] * 3
    assert new_scores(found, YEAR, LAST, by="zuzhi", at=NOON) == ()


def test_facts_without_a_result_enter_nothing() -> None:
    found = outcomes(recorded({WHO: Tally(2, 0, 0)}, {}, {}, {}, {}), (), LAST)
    assert _fates(found) == [Fate.OPEN]
    assert new_scores(found, YEAR, LAST, by="zuzhi", at=NOON) == ()


def test_where_all_households_gave_alike_the_band_is_taken_over_not_its_class_mark() -> None:
    unit, told = UnitCode("U001"), "由 1 次项目评议，各户打分一致，按组中值计入"
    alike = YearScore(900, Counts(called=20, answered=12), told, Band.UNANIMOUS_HIGH)
    found = outcomes(recorded({}, {}, {}, {unit: alike}, {}), (), LAST)
    assert found[0].recorded.shown == "全部评为 4 分以上"
    (score,) = new_scores(found, YEAR, LAST, by="zuzhi", at=NOON)
    assert (score.tenths, score.band) == (900, Band.UNANIMOUS_HIGH)
    standard = shipped_rulebook().on(LAST).unit_standard
    year = year_scores([score], 2026, standard)[Component.SPOT_CHECK]
    assert (year.score_tenths, year.band) == (900, Band.UNANIMOUS_HIGH)
    rows = (
        scores_table([score], {(Subject.UNIT, unit): "水利局"}, standard, zone=UTC),
        record_scores_table(found, {}, YEAR, "2026-12-31"),
    )
    for table in rows:
        (row,) = table.rows
        assert "全部评为 4 分以上" in row
        assert not any(isinstance(cell, Tenths) for cell in row)
    # A score of before, kept without its band, is put right when it is taken over again.
    assert _fates(outcomes((found[0].recorded,), (replace(score, band=None),), LAST)) == [
        Fate.CHANGED
    ]
