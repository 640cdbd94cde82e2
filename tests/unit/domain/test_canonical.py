"""Canonical JSON has one spelling for each value, and refuses every other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalsys.domain.canonical import MAX_INTEGER, canonical, parse_canonical
from evalsys.errors import InvalidInput

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec="ascii")), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_reads_back_the_same(value: object) -> None:
    assert parse_canonical(canonical(value)) == value


@pytest.mark.parametrize(
    ("value", "spelling"),
    [
        ({"b": 1, "a": [True, None, -5]}, b'{"a":[true,null,-5],"b":1}'),
        ({"B": 1, "a": 2, "A_": 3}, b'{"A_":3,"B":1,"a":2}'),
        ('"\\/', b'"\\"\\\\/"'),
        ("\b\t\n\f\r\x0b\x1f\x7f", b'"\\b\\t\\n\\f\\r\\u000b\\u001f\x7f"'),
        ("沂水 𠮷", '"沂水 𠮷"'.encode()),
        (MAX_INTEGER, b"9007199254740991"),
        ((1, 2), b"[1,2]"),
    ],
)
def test_each_value_has_the_spelling_of_rfc_8785(value: object, spelling: bytes) -> None:
    assert canonical(value) == spelling


@pytest.mark.parametrize(
    "spelling",
    [
        pytest.param(b'{"a":1.0}', id="float"),
        pytest.param(b'{"a":1e3}', id="exponent"),
        pytest.param(b"[NaN]", id="NaN"),
        pytest.param(b"[-Infinity]", id="Infinity"),
        pytest.param(b'{"a":1,"a":1}', id="key twice"),
        pytest.param(b'{"b":1,"a":2}', id="keys not sorted"),
        pytest.param('{"é":1}'.encode(), id="key not ASCII"),
        pytest.param(b'{"a": 1}', id="space"),
        pytest.param(b'{"a":1}\n', id="line feed at the end"),
        pytest.param(b'{"a":1}\r\n', id="CRLF"),
        pytest.param(b'\xef\xbb\xbf{"a":1}', id="BOM"),
        pytest.param(b'["\\u0041"]', id="escape of a plain letter"),
        pytest.param(b'["\\/"]', id="escaped slash"),
        pytest.param(b'["\\u000A"]', id="upper-case hex and longer escape"),
        pytest.param(b'["\\u001F"]', id="upper-case hex in an escape"),
        pytest.param(b'["\\x41"]', id="unknown escape"),
        pytest.param(b'["\n"]', id="raw control character"),
        pytest.param(b'["\\ud800"]', id="lone surrogate"),
        pytest.param(b'["\xed\xa0\x80"]', id="surrogate in UTF-8"),
        pytest.param(b'["\xc0\xaf"]', id="overlong UTF-8"),
        pytest.param(b"[9007199254740992]", id="2^53"),
        pytest.param(b"[-9007199254740992]", id="-2^53"),
        pytest.param(b"[01]", id="leading zero"),
        pytest.param(b"[-0]", id="minus zero"),
        pytest.param(b"[" + b"9" * 5000 + b"]", id="5000 digits"),
        pytest.param("[\uff11]".encode(), id="full-width digit"),
        pytest.param(b"[1,]", id="comma at the end"),
        pytest.param(b"[1]x", id="rubbish after it"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"[" * 50 + b"]" * 50, id="too deep"),
        pytest.param(b"[" * 100_000, id="absurdly deep"),
    ],
)
def test_any_other_spelling_is_refused(spelling: bytes) -> None:
    with pytest.raises(InvalidInput):
        parse_canonical(spelling)


@pytest.mark.parametrize(
    "value",
    [1.5, {1: 2}, {"é": 1}, "\ud800", 2**53, 10**5000, b"bytes", {"a": {1, 2}}],
    ids=["float", "number as key", "key not ASCII", "surrogate", "2^53", "huge", "bytes", "set"],
)
def test_values_without_a_spelling_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        canonical(value)


@given(st.binary(max_size=40))
def test_bytes_are_either_canonical_or_refused(data: bytes) -> None:
    try:
        value = parse_canonical(data)
    except InvalidInput:
        return
    assert canonical(value) == data
