"""Codes as people type them, and telephone numbers as their owners know them."""

import pytest

from evalsys.domain.household_page import Via, in_groups, masked, read_code


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("123456", (Via.MESSAGE, "123456")),
        (" 123 456 ", (Via.MESSAGE, "123456")),
        ("\uff11\uff12\uff13\uff14\uff15\uff16", (Via.MESSAGE, "123456")),
        ("0012 3456-7890", (Via.LETTER, "001234567890")),
        ("12345", None),
        ("1234567", None),
        ("12345a", None),
        ("\u0661\u0662\u0663\u0664\u0665\u0666", None),
        ("", None),
    ],
)
def test_a_code_is_read_as_it_is_typed(typed: str, read: tuple[Via, str] | None) -> None:
    assert read_code(typed) == read


def test_what_is_printed_can_be_typed() -> None:
    assert in_groups("001234567890") == "0012 3456 7890"
    assert read_code(in_groups("001234567890")) == (Via.LETTER, "001234567890")


@pytest.mark.parametrize(
    ("number", "shown"),
    [("+8613900000001", "+86139****0001"), ("+865392250000", "+8653****0000"), ("110", "****")],
)
def test_a_number_is_shown_to_whom_it_belongs(number: str, shown: str) -> None:
    assert masked(number) == shown
