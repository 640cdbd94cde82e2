"""Whether a carrier is in the country is stated or plain, never guessed."""

from dataclasses import replace
from pathlib import Path

import pytest

from evalsys.settings import CARRIERS as NAMES
from evalsys.telephony.carriers import CARRIERS, is_configured, leaves_country
from tests.builders import some_settings

SETTINGS = some_settings("sqlite://", Path("unused"))


def test_every_carrier_that_settings_know_has_its_differences_listed() -> None:
    assert set(CARRIERS) == set(NAMES)


@pytest.mark.parametrize(
    ("url", "country", "abroad"),
    [
        ("http://127.0.0.1:8001", "", ""),
        ("http://[::1]:8001", "", ""),
        ("http://localhost:8001", "", ""),
        ("http://10.2.3.4", "", ""),
        ("https://192.168.1.9/api", "", ""),
        ("https://exchange.internal", "", ""),
        ("https://8.8.8.8", "", "8.8.8.8"),
        ("https://voice.example.cn", "", "voice.example.cn"),
        ("https://voice.example.cn", "CN", ""),
        ("https://voice.example.com", "SG", "voice.example.com (SG)"),
        ("", "US", "api.twilio.com (US)"),
        ("", "", ""),
    ],
)
def test_where_personal_data_would_go(url: str, country: str, abroad: str) -> None:
    settings = replace(SETTINGS, telephony_url=url, telephony_country=country)
    assert leaves_country(settings) == abroad
    assert is_configured(settings) == bool(url or country)
