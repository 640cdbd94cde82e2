"""Settings come from the environment, and every problem is told at once."""

from pathlib import Path

import pytest

from evalsys.errors import InvalidInput
from evalsys.settings import read_settings
from tests.builders import environment_of, some_settings


def test_settings_written_to_the_environment_are_read_back(tmp_path: Path) -> None:
    settings = some_settings("sqlite:///a.db", tmp_path)
    assert read_settings(environment_of(settings)) == settings


def test_all_missing_and_malformed_settings_are_told_in_one_message(tmp_path: Path) -> None:
    environment = environment_of(some_settings("sqlite:///a.db", tmp_path))
    del environment["EVALSYS_SECRET_KEY"]
    environment |= {"EVALSYS_PHONE_KEY": "abc", "EVALSYS_ZONE": "Mars/Olympus"}
    with pytest.raises(InvalidInput) as refusal:
        read_settings(environment)
    message = str(refusal.value)
    assert "EVALSYS_SECRET_KEY" in message
    assert "EVALSYS_PHONE_KEY" in message
    assert "Mars/Olympus" in message


def test_cookies_are_secure_when_people_reach_us_over_https(tmp_path: Path) -> None:
    settings = some_settings("sqlite:///a.db", tmp_path, public_url="https://county.example")
    assert read_settings(environment_of(settings)).secure_cookies


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "geheim"),
        ("DATABASE_URL", "mysql://nobody:geheim@host/name"),
        ("PUBLIC_URL", "evalsys.example"),
        ("PUBLIC_URL", "ftp://evalsys.example"),
        ("TELEPHONY_URL", "carrier:8001"),
        ("CALLER_NUMBER", "12345"),
    ],
)
def test_a_setting_of_the_wrong_shape_is_named_and_not_repeated(
    tmp_path: Path, name: str, value: str
) -> None:
    environment = environment_of(some_settings("sqlite:///a.db", tmp_path))
    with pytest.raises(InvalidInput, match=f"EVALSYS_{name}") as refusal:
        read_settings(environment | {f"EVALSYS_{name}": value})
    assert value not in str(refusal.value)
