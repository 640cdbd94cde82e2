"""What a campaign published stands on a page by place, and enters the personnel room once."""

from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from evalsys.domain.access import Role
from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.campaign.plan import Kind
from evalsys.domain.campaign.wanted import Electorate
from evalsys.domain.personnel import AppraisalOutcome, Missing, appraisal_outcome
from evalsys.domain.scoring import Band
from evalsys.errors import RuleViolation, WrongPhase
from evalsys.ids import CadreNumber
from evalsys.store import assessment, audit
from tests.calling import HOUSEHOLDS
from tests.campaigning import Field
from tests.held_campaign import answer_all, end
from tests.roster_rows import number_of
from tests.visitor import Visitor

FIRST, SECOND = CadreNumber(number_of(0)), CadreNumber(number_of(1))
NUMBERS = {"hide_below": 5, "appraisal_quorum": 50, "appraisal_pass": 60}


def _held(field: Field, kind: Kind, given: Mapping[CadreNumber, Sequence[int]]) -> None:
    """Hold a campaign in which households gave these scores; whoever gave none was busy."""
    pledge = "国庆前修好路" if kind is Kind.PLEDGE else ""
    field.plan(kind, electorate=Electorate(cadres=(FIRST, SECOND)), pledge=pledge)
    answer_all(field, {cadre: [str(each) for each in scores] for cadre, scores in given.items()})


def _by(field: Field, by: str) -> list[tuple[int | None, Band, int, int, int, int, int]]:
    return [
        (s.tenths, s.band, s.scored, s.households, s.called, s.reached, s.answered)
        for s in field.room.outcomes.standings(field.campaign, by)
    ]


def test_scores_are_shown_from_five_on_and_places_tell_no_more_than_cadres(field: Field) -> None:
    _held(field, Kind.ANNUAL, {FIRST: (5, 4, 3, 5, 4), SECOND: (1, 2, 1, 1)})
    assert field.room.outcomes.standings(field.campaign, "about") == ()
    end(field)
    first, second = _by(field, "about")
    assert first == (42, Band.MEAN, 5, 6, 6, 5, 5)
    assert second == (None, Band.TOO_FEW, 0, 6, 6, 4, 4)
    for by in ("unit", "township"):
        assert sum(each[2] for each in _by(field, by)) == 5
        assert {each[0] for each in _by(field, by)} <= {42, None}


def test_a_unanimous_cadre_shows_a_band_and_weighs_by_its_class_mark(field: Field) -> None:
    _held(field, Kind.ANNUAL, {FIRST: (5,) * 6, SECOND: (1, 2, 3, 4, 5, 3)})
    end(field)
    first, second = _by(field, "about")
    assert first[:3] == (None, Band.UNANIMOUS_HIGH, 6)
    assert second[:3] == (30, Band.MEAN, 6)
    page = Visitor(field.app).sign_in_as(Role.OPERATOR).get(f"/campaigns/{field.campaign}/results")
    assert "全部评为 4 分以上" in page.text
    assert "登记到组织部" not in page.text
    field.room.outcomes.adopt(field.campaign, actor="zu-zhi")
    with field.database.read() as db:
        kept, other = assessment.inputs_of(db, [2026])
    assert (kept.household_score_tenths, kept.household_band) == (None, Band.UNANIMOUS_HIGH)
    assert (other.household_score_tenths, other.household_band) == (600, None)


def test_the_annual_result_becomes_the_household_component_of_its_year(field: Field) -> None:
    entered = AssessmentInput(FIRST, 2026, 100, 9, 9, 880, None)
    with field.database.write() as db:
        assessment.save_inputs(db, [entered], on=date(2026, 1, 1))
    _held(field, Kind.ANNUAL, {FIRST: (5, 4, 3, 5, 4), SECOND: (1, 2, 1, 1)})
    with pytest.raises(WrongPhase):
        field.room.outcomes.adopt(field.campaign, actor="zu-zhi")
    end(field)
    assert field.room.outcomes.adopt(field.campaign, actor="zu-zhi") == 2
    with field.database.read() as db:
        first, second = assessment.inputs_of(db, [2026])
    assert first == AssessmentInput(
        FIRST, 2026, 840, HOUSEHOLDS, 5, 880, None, households_called=6, households_reached=5
    )
    assert second == AssessmentInput(
        SECOND, 2026, None, HOUSEHOLDS, 4, None, None, households_called=6, households_reached=4
    )
    assert field.room.outcomes.adopt(field.campaign, actor="zu-zhi") == 0
    with field.database.read() as db:
        lines = [each for each in audit.latest(db, 20) if each.action == "campaign.adopt"]
    assert [each.actor for each in lines] == ["zu-zhi", "zu-zhi"]


def test_a_pre_appointment_result_is_recorded_once_and_few_answers_decide_nothing(
    field: Field,
) -> None:
    _held(field, Kind.APPOINTMENT, {FIRST: (5, 4, 4, 5, 1), SECOND: (1, 1, 1, 1)})
    end(field)
    assert field.room.outcomes.adopt(field.campaign, actor="zu-zhi") == 2
    assert field.room.outcomes.adopt(field.campaign, actor="zu-zhi") == 0
    with field.database.read() as db:
        first, second = sorted(assessment.appraisals(db), key=lambda each: each.cadre)
    assert (first.linked, first.answered, first.satisfied) == (6, 5, 4)
    assert appraisal_outcome(first, NUMBERS) is AppraisalOutcome.SATISFIED
    assert isinstance(appraisal_outcome(second, NUMBERS), Missing)
    assert "不公布" in second.document


def test_only_personnel_enters_results_and_only_of_campaigns_that_count(field: Field) -> None:
    _held(field, Kind.PLEDGE, {FIRST: (5,) * 6})
    end(field)
    with pytest.raises(RuleViolation):
        field.room.outcomes.adopt(field.campaign, actor="zu-zhi")
    path = f"/campaigns/{field.campaign}"
    for role in set(Role) - {Role.PERSONNEL}:
        assert Visitor(field.app).sign_in_as(role).post(f"{path}/adopt").status_code == 403
    for role in set(Role) - {Role.OPERATOR, Role.PERSONNEL, Role.AUDITOR}:
        assert Visitor(field.app).sign_in_as(role).get(f"{path}/results").status_code == 403


def test_personnel_enters_a_result_from_its_page(field: Field) -> None:
    _held(field, Kind.ANNUAL, {FIRST: (5, 4, 3, 5, 4, 4), SECOND: (1, 2, 1, 1, 2, 2)})
    end(field)
    personnel = Visitor(field.app).sign_in_as(Role.PERSONNEL)
    path = f"/campaigns/{field.campaign}"
    for by in ("about", "unit", "township"):
        assert personnel.get(f"{path}/results", by=by).status_code == 200
    assert personnel.get(f"{path}/results", by="head").status_code == 404
    assert "登记到组织部" in personnel.get(f"{path}/results").text
    assert personnel.post(f"{path}/adopt").status_code == 303
    assert "2 名干部的结果有变化" in personnel.get(f"{path}/results").text
