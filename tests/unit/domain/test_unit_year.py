"""A unit's year: programmes as its spot check, its cadres' households, and what is left out."""

from datetime import date, timedelta

from evalsys.domain.assessment import Component, Counts
from evalsys.domain.component_scores import ComponentScore, Subject
from evalsys.domain.cycles import CycleCode
from evalsys.domain.personnel_county import CountyFacts, evaluate
from evalsys.domain.programme_results import ProgrammeResult
from evalsys.domain.scoring import Band
from evalsys.domain.unit_year import HIDDEN, CountyYear, county_year
from evalsys.ids import CadreNumber, LiveId, UnitCode
from evalsys.store.rulebooks import shipped_rulebook
from tests.builders import NOON, a_year_of, an_official

DAY = date(2026, 12, 1)
WATER, SCHOOL = UnitCode("U001"), UnitCode("U002")


def _programme(answered: int, mean: int | None, band: Band, **more: object) -> ProgrammeResult:
    given = {"held_on": DAY, "rehearsal": False} | more
    return ProgrammeResult(
        programme=CadreNumber("90000001"),
        live=LiveId("0" * 32),
        title="第一场",
        called=30,
        answered=answered,
        mean_tenths=mean,
        band=band,
        satisfied=None,
        **given,  # type: ignore[arg-type]  # tests name fields
    )


def _year(
    *heard: tuple[UnitCode, ProgrammeResult], scores: tuple[ComponentScore, ...] = ()
) -> CountyYear:
    cadres = (
        an_official("00000001"),
        an_official("00000002"),
        an_official("00000003", unit=SCHOOL, unit_name="县教育局", township="泉庄镇"),
    )
    inputs = (
        a_year_of("00000001", households_answered=20, household_score_tenths=900),
        a_year_of("00000002", households_answered=4, household_score_tenths=100),
        a_year_of("00000003", households_answered=10, household_score_tenths=700),
    )
    facts = CountyFacts(cadres=cadres, inputs=inputs, scores=scores)
    return county_year(evaluate(facts, shipped_rulebook(), as_of=DAY, year=2026), heard)


def test_the_spot_check_is_what_households_made_of_the_unit_s_programmes() -> None:
    heard = (
        (SCHOOL, _programme(10, 40, Band.MEAN)),
        (SCHOOL, _programme(30, None, Band.UNANIMOUS_HIGH)),
        (SCHOOL, _programme(3, None, Band.TOO_FEW)),
        (SCHOOL, _programme(30, 10, Band.MEAN, rehearsal=True)),
        (SCHOOL, _programme(30, 10, Band.MEAN, held_on=DAY - timedelta(days=400))),
    )
    school = _year(*heard).units[1]
    spot = school.part(Component.SPOT_CHECK)
    assert spot.score_tenths == 875  # 10 x 80.0 and 30 x 90.0
    assert (spot.counts.called, spot.counts.answered) == (90, 40)
    assert "2 次" in spot.note
    assert school.total_tenths == 766  # (50 x 70.0 + 30 x 87.5) / 80 = 76.56
    assert (school.graded, school.cadres, school.households.answered) == (1, 1, 10)
    assert {part.component for part in school.excluded} == {
        Component.INSPECTION,
        Component.THIRD_PARTY,
    }


def test_one_programme_of_which_all_said_the_same_shows_a_band() -> None:
    (_, school) = _year((SCHOOL, _programme(30, None, Band.UNANIMOUS_HIGH))).units
    spot = school.part(Component.SPOT_CHECK)
    assert (spot.score_tenths, spot.shown) == (900, "全部评为 4 分以上")
    assert "组中值" in spot.note


def test_what_four_households_said_comes_back_from_no_total() -> None:
    county = _year()
    water = county.units[0]
    assert water.part(Component.HOUSEHOLD).score_tenths is None
    assert water.part(Component.HOUSEHOLD).absent == HIDDEN
    assert water.total_tenths is None
    assert county.whole.tenths is None
    assert {pooled.tenths for pooled in county.townships.values()} == {None, 700}
    assert county.units[1].part(Component.HOUSEHOLD).score_tenths == 700


def test_a_score_of_its_own_holds_before_the_programmes() -> None:
    own = ComponentScore(
        subject=Subject.UNIT,
        code=SCHOOL,
        component=Component.SPOT_CHECK,
        cycle=CycleCode("2026"),
        tenths=600,
        counts=Counts(asked=50, answered=40),
        document="复核",
        held_on=DAY,
        entered_by="zuzhi",
        entered_at=NOON,
    )
    county = _year((SCHOOL, _programme(10, 40, Band.MEAN)), scores=(own,))
    assert county.units[1].part(Component.SPOT_CHECK).score_tenths == 600
