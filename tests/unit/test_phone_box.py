"""A sealed number opens in its own row and place only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.errors import Tampered
from evalsys.store.phone_box import BLIND_BYTES, PhoneBox

BOX = PhoneBox(bytes(range(64)), bytes(range(32)))
NUMBER = "+8615400000001"
ROW = b"a" * 16


@given(st.text(max_size=7), st.binary(min_size=16, max_size=16))
def test_what_was_sealed_opens_again_and_always_has_one_size(text: str, row: bytes) -> None:
    sealed = BOX.seal(text, row)
    assert len(sealed) == 48
    assert BOX.open(sealed, row) == text


def test_a_number_moved_to_another_row_does_not_open() -> None:
    with pytest.raises(Tampered):
        BOX.open(BOX.seal(NUMBER, ROW), b"b" * 16)


def test_a_number_moved_to_another_table_does_not_open() -> None:
    with pytest.raises(Tampered):
        BOX.open(BOX.seal(NUMBER, ROW), ROW, place="frozen|sealed")


def test_a_number_sealed_under_other_keys_does_not_open() -> None:
    other = PhoneBox(bytes(range(1, 65)), bytes(32))
    with pytest.raises(Tampered):
        BOX.open(other.seal(NUMBER, ROW), ROW)


@pytest.mark.parametrize("at", [0, 15, 16, 47])
def test_one_altered_bit_is_noticed(at: int) -> None:
    sealed = bytearray(BOX.seal(NUMBER, ROW))
    sealed[at] ^= 1
    with pytest.raises(Tampered):
        BOX.open(bytes(sealed), ROW)


def test_too_short_a_ciphertext_is_noticed() -> None:
    with pytest.raises(Tampered):
        BOX.open(b"", ROW)


def test_equal_numbers_meet_in_the_index_and_different_keys_do_not() -> None:
    assert BOX.blind(NUMBER) == BOX.blind(NUMBER)
    assert len(BOX.blind(NUMBER)) == BLIND_BYTES
    assert BOX.blind(NUMBER) != BOX.blind("+8615400000002")
    assert BOX.blind(NUMBER) != PhoneBox(bytes(range(64)), bytes(32)).blind(NUMBER)


def test_a_text_that_does_not_fit_is_a_mistake_of_the_program() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        BOX.seal("x" * 32, ROW)
