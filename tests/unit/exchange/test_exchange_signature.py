"""Requests are signed as Twilio signs them; the official validator is the judge."""

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from evalsys.exchange.signature import signature

NAMES = st.text("ABCDEFGHabcdefgh0123456789", min_size=1, max_size=12)


def test_the_example_of_the_documentation_comes_out() -> None:
    params = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert signature("12345", url, params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@given(st.dictionaries(NAMES, st.text(max_size=20), max_size=8), st.text(min_size=1, max_size=10))
def test_the_official_validator_accepts_every_form(params: dict[str, str], secret: str) -> None:
    url = "http://127.0.0.1:8000/voice/a%20b?x=%E4%B8%AD"
    made = signature(secret, url, params)
    assert RequestValidator(secret).compute_signature(url, params) == made


def test_a_repeated_parameter_adds_each_distinct_value_once() -> None:
    assert signature("k", "http://a/", {"B": ["2", "1", "2"]}) == signature(
        "k", "http://a/B1B2", {}
    )
