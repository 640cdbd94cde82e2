"""Load: how many households a cadre carries, and who is out of line."""

from evalsys.domain.roster_coverage import Coverage, Gap, Load, load_of


def test_load_counts_extremes_mean_and_those_out_of_line() -> None:
    assert load_of([0, 20, 30, 40, 41]) == Load(0, 41, 2620, below=1, above=1)


def test_a_county_without_cadres_has_no_load() -> None:
    assert load_of([]) == Load(0, 0, 0, 0, 0)


def test_the_mean_of_the_case_study_is_33_10() -> None:
    counts = [33] * 9_120 + [34] * 1_060
    assert load_of(counts).mean_hundredths == 3310


def test_complete_means_one_cadre_a_household_and_a_household_a_cadre() -> None:
    gaps = dict.fromkeys(Gap, 0)
    whole = Coverage(1, 1, 1, 0, gaps, load_of([1]), ())
    assert whole.is_complete
    for gap in (Gap.NO_CADRE, Gap.TWO_CADRES, Gap.NO_HOUSEHOLD):
        assert not Coverage(1, 1, 1, 0, gaps | {gap: 1}, load_of([1]), ()).is_complete
    assert Coverage(1, 1, 1, 1, gaps | {Gap.PHONE_MISSING: 1}, load_of([1]), ()).is_complete
