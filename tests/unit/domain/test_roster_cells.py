"""Cells: clean ones pass, safe slips are mended and reported, the rest is refused with a remedy."""

from contextlib import suppress
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain import roster_cells as cells
from evalsys.domain.phone_number import BadPhone
from evalsys.domain.roster_cells import Cell, CellFault, Mended, Parser, RowLeftOut
from tests.builders import full_width

STAFF = cells.one_of({"公务员": "公务员", "事业": "事业"}, left_out=("一线教师",))


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.cadre_number, "00001234", "00001234"),
        (cells.cadre_number, 10001234.0, "10001234"),
        (cells.household_code, "3713230012000001", "3713230012000001"),
        (cells.code, "371323001P01", "371323001P01"),
        (cells.code, " V-1_a ", "V-1_a"),
        (cells.person_name, "王小明", "王小明"),
        (cells.person_name, "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        (cells.person_name, "李𬱖", "李𬱖"),
        (cells.label, "党委副书记、镇长", "党委副书记、镇长"),
        (cells.long_text, "第一行\r\n第二行", "第一行 第二行"),
        (cells.day, "2026-03-01", "2026-03-01"),
        (cells.day, "2026/3/1", "2026-03-01"),
        (cells.day, "2026年3月1日", "2026-03-01"),
        (cells.day, "2026.3.1", "2026-03-01"),
        (cells.day, "20260301", "2026-03-01"),
        (cells.day, 20260301.0, "2026-03-01"),
        (cells.day, full_width("2026-03-01"), "2026-03-01"),
        (cells.day, date(2026, 3, 1), "2026-03-01"),
        (cells.day, datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "2026-03-01"),
        (cells.yes_no, "是", True),
        (cells.yes_no, "否", False),
        (cells.tenths, 87.3, 873),
        (cells.tenths, "87.3", 873),
        (cells.tenths, 100.0, 1000),
        (cells.tenths, 0.0, 0),
        (cells.whole(1, 99), 4.0, 4),
        (cells.whole(1, 99), full_width("4"), 4),
        (cells.phones, "15400000001", ("+8615400000001",)),
        (cells.phones, 15400000001.0, ("+8615400000001",)),
        (cells.phones, "15400000001、15400000002", ("+8615400000001", "+8615400000002")),
        (cells.phones, "15400000001/0539-2251234", ("+8615400000001", "+865392251234")),
        (STAFF, "公务员", "公务员"),
    ],
)
def test_clean_cells_give_their_value(parse: Parser, cell: Cell, value: object) -> None:
    assert parse(cell) == value


@pytest.mark.parametrize(
    ("parse", "cell", "value"),
    [
        (cells.cadre_number, full_width("00001234"), "00001234"),
        (cells.household_code, "3713 2300 1200", "371323001200"),
        (cells.person_name, "王  五", "王五"),
        (cells.person_name, "王\n五", "王五"),
        (cells.label, "县农业\n农村局", "县农业 农村局"),
        (cells.tenths, 87.35, 874),
        (cells.phones, full_width("15400000001"), ("+8615400000001",)),
    ],
)
def test_safe_slips_are_mended_and_reported(parse: Parser, cell: Cell, value: object) -> None:
    with pytest.raises(Mended) as mended:
        parse(cell)
    assert mended.value.value == value
    assert mended.value.what


@pytest.mark.parametrize(
    ("parse", "cell"),
    [
        (cells.household_code, 3.713230012e15),
        (cells.household_code, 3.7e17),
        (cells.cadre_number, 1234.0),
        (cells.code, 371323001.0),
        (cells.code, True),
        (cells.code, date(2026, 3, 1)),
        (cells.code, "沂城"),
        (cells.cadre_number, "1234"),
        (cells.cadre_number, "0000123A"),
        (cells.person_name, "王\x07五"),
        (cells.person_name, "王\u200b五"),
        (cells.person_name, "王\ue000"),
        (cells.person_name, "王" * 61),
        (cells.person_name, 3.0),
        (cells.label, "#REF!"),
        (cells.long_text, "长" * 2001),
        (cells.day, 1985.3),
        (cells.day, 45000.0),
        (cells.day, "2026-02-30"),
        (cells.day, "2026.3"),
        (cells.day, time(12)),
        (cells.day, True),
        (cells.day, "0026-03-01"),
        (cells.day, "1026-03-01"),
        (cells.yes_no, "对"),
        (cells.tenths, 100.1),
        (cells.tenths, -1.0),
        (cells.tenths, "良好"),
        (cells.tenths, float("nan")),
        (cells.whole(1, 99), 2.5),
        (cells.whole(1, 99), 0.0),
        (cells.whole(1, 99), float("inf")),
        (cells.whole(1, 99), True),
        (STAFF, "临时工"),
    ],
)
def test_what_cannot_be_used_is_refused_with_reason_and_remedy(parse: Parser, cell: Cell) -> None:
    with pytest.raises(CellFault) as fault:
        parse(cell)
    assert fault.value.what
    assert fault.value.remedy


def test_a_bad_phone_never_stops_a_row() -> None:
    with pytest.raises(Mended) as mended:
        cells.phones("1540000、15400000001")
    assert mended.value.value == (
        BadPhone("1540000", "手机号应为11位，这里是7位"),
        "+8615400000001",
    )


def test_frontline_teachers_are_left_out_and_not_an_error() -> None:
    with pytest.raises(RowLeftOut):
        STAFF("一线教师")


def test_hidden_characters_are_shown_in_reports() -> None:
    assert cells.shown("王\u200b五") == "王⟨U+200B⟩五"
    assert cells.shown(3.7e17) == "3.7e+17"
    assert cells.shown(371323.0) == "371323"
    assert cells.shown(None) == ""


PARSERS = (
    cells.cadre_number,
    cells.household_code,
    cells.code,
    cells.person_name,
    cells.label,
    cells.long_text,
    cells.day,
    cells.yes_no,
    cells.tenths,
    cells.whole(0, 9999),
    cells.phones,
    STAFF,
)


@given(
    st.sampled_from(PARSERS),
    st.one_of(
        st.text(max_size=80),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.times(),
        st.timedeltas(),
    ),
)
def test_whatever_stands_in_a_cell_no_reader_fails_otherwise(parse: Parser, cell: Cell) -> None:
    with suppress(CellFault, Mended, RowLeftOut):
        parse(cell)
