"""Numbers as people type them are read, and what nobody can be called at is kept aside."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.phone_number import (
    FICTITIOUS_PREFIX,
    MAX_KEPT_BYTES,
    BadPhone,
    split_phones,
    to_e164,
)
from tests.builders import full_width


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [
        ("15400000001", "+8615400000001"),
        (full_width("15400000001"), "+8615400000001"),
        ("154 0000 0001", "+8615400000001"),
        ("154-0000-0001", "+8615400000001"),
        ("+86 15400000001", "+8615400000001"),
        ("008615400000001", "+8615400000001"),
        ("8615400000001", "+8615400000001"),
        ("0539-2251234", "+865392251234"),
        ("（0539）2251234", "+865392251234"),
        ("+86 539 2251234", "+865392251234"),
        ("010-62345678", "+861062345678"),
        ("+852 1234 5678", "+85212345678"),
    ],
)
def test_usual_spellings_become_one_number(typed: str, dialled: str) -> None:
    assert to_e164(typed) == dialled


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("1540000", "手机号应为11位，这里是7位"),
        ("154000000011", "手机号应为11位，这里是12位"),
        ("12345678901", "不是手机号段"),
        ("2251234", "固定电话缺少区号"),
        ("0539-2251234-802", "带分机号，不能直接拨打"),
        ("(0539)2251234 转 802", "带分机号，不能直接拨打"),
        ("1540000O001", "含有非数字字符"),
        ("无", "含有非数字字符"),
        ("400-800-1234", "位数或区号不对"),
    ],
)
def test_what_cannot_be_called_is_kept_with_the_reason(typed: str, why: str) -> None:
    assert to_e164(typed) == BadPhone(typed, why)


@pytest.mark.parametrize("typed", ["110", "119", "120", "10086", "95598", "12345"])
def test_emergency_and_service_numbers_are_never_dialled(typed: str) -> None:
    assert isinstance(to_e164(typed), BadPhone)


def test_several_numbers_in_one_cell_are_told_apart() -> None:
    for joint in ("、", "; ", "\n"):
        assert split_phones(f"15400000001{joint}0539-2251234；") == [
            "15400000001",
            f"{joint[1:]}0539-2251234",
        ]


def test_the_fictitious_range_is_assigned_to_no_carrier_and_looks_like_a_mobile() -> None:
    for tail in ("00000000", "12345678", "99999999"):
        number = phonenumbers.parse(f"+86{FICTITIOUS_PREFIX}{tail}")
        assert phonenumbers.is_possible_number(number)
        assert not phonenumbers.is_valid_number(number)
        assert to_e164(f"{FICTITIOUS_PREFIX}{tail}") == f"+86{FICTITIOUS_PREFIX}{tail}"


@given(st.text(max_size=60))
def test_any_text_gives_a_number_or_a_bounded_reason(typed: str) -> None:
    read = to_e164(typed)
    if isinstance(read, str):
        assert read[0] == "+"
        assert read[1:].isdigit()
        assert to_e164(read) == read
    else:
        assert len(read.text.encode()) <= MAX_KEPT_BYTES
        assert read.why
