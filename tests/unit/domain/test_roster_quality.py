"""Data quality: shares and their mean, rolled up to the grids right below."""

from fractions import Fraction

from evalsys.domain.roster_quality import Quality, quality_lines, summed
from tests.casework_files import AREA, CELL, COUNTY, TOWN, TREE, VILLAGE


def test_the_score_is_the_mean_of_the_shares_that_there_are() -> None:
    quality = Quality(households=4, linked=4, dialable=3, sized=1, forms_due=2, forms=1)
    assert quality.shares == (Fraction(1), Fraction(3, 4), Fraction(1, 4), Fraction(1, 2))
    assert quality.score == Fraction(5, 8)
    erased = quality._replace(forms_due=0, forms=0)
    assert erased.score == Fraction(2, 3)  # nobody there has a form to fill in
    assert Quality().score is None
    assert summed([]) == Quality()


def test_grids_are_rolled_up_and_what_hangs_on_the_grid_itself_is_a_line() -> None:
    own = {VILLAGE: Quality(3, 2), CELL: Quality(2, 2)}
    (line,) = quality_lines(TREE, COUNTY, own)
    assert (line.code, line.quality[:2], line.is_open) == (TOWN, (5, 4), True)
    below, itself = quality_lines(TREE, VILLAGE, own)
    assert (below.code, below.quality.households) == (CELL, 2)
    assert (itself.code, itself.quality.households, itself.is_open) == (VILLAGE, 3, False)
    assert [one.code for one in quality_lines(TREE, AREA, own)] == [VILLAGE]
