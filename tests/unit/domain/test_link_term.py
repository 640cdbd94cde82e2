"""Terms: the next one follows the last without a gap, and nothing ends by itself."""

from datetime import date

import pytest

from evalsys.domain.link_term import LinkTerm, Renewal, Scope, check_renewal, years_after
from evalsys.domain.roster_load import years_before
from evalsys.errors import EvalsysError

TODAY = date(2026, 11, 2)


def term(begins: date) -> LinkTerm:
    return LinkTerm("37130001", "00000001", begins, begins, 1)


@pytest.mark.parametrize(
    ("begins", "on", "ends", "next_begins"),
    [
        (date(2023, 11, 2), date(2026, 11, 2), date(2026, 11, 2), date(2026, 11, 2)),
        (date(2024, 1, 1), date(2026, 11, 2), date(2027, 1, 1), date(2027, 1, 1)),  # early
        (date(2022, 3, 1), date(2026, 11, 2), date(2025, 3, 1), date(2025, 3, 1)),  # late
        (date(2012, 3, 1), date(2026, 11, 2), date(2015, 3, 1), date(2026, 11, 2)),  # very late
        (date(2024, 2, 29), date(2027, 3, 1), date(2027, 3, 1), date(2027, 3, 1)),
    ],
)
def test_the_next_term_begins_where_the_last_one_ended_unless_it_would_be_over_again(
    begins: date, on: date, ends: date, next_begins: date
) -> None:
    assert term(begins).ends(3) == ends
    assert term(begins).renewed(3, on) == next_begins


@pytest.mark.parametrize("by", [date(2027, 2, 28), date(2027, 3, 1), date(2028, 2, 29)])
@pytest.mark.parametrize(
    "begins", [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1), date(2025, 2, 28)]
)
def test_what_the_list_selects_by_is_what_the_term_says(begins: date, by: date) -> None:
    assert (begins <= years_before(by, 3)) == (years_after(begins, 3) <= by)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"years": 0}, "没有规定联系期限"),
        ({"reason": " "}, "没有写理由"),
        ({"reason": "甲\n乙"}, "换行"),
        ({"due_by": date(2028, 1, 1)}, "一年以后"),
        ({"links": 0}, "没有期满"),
    ],
)
def test_what_cannot_be_renewed_is_said(change: dict[str, object], said: str) -> None:
    given: dict[str, object] = {"years": 3, "links": 2, "reason": "文件", "due_by": TODAY, **change}
    asked = Renewal(Scope.CADRE, "00000001", given["due_by"], given["reason"])  # type: ignore[arg-type]  # of a table
    with pytest.raises(EvalsysError, match=said):
        check_renewal(asked, given["years"], given["links"], TODAY)  # type: ignore[arg-type]  # of a table
