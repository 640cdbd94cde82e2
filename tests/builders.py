"""Frozen values for tests: each builder gives a believable default and takes what matters."""

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evalsys.settings import Settings

NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
"""2026-12-01 12:00 in Shanghai."""


def some_settings(
    database_url: str, data_dir: Path, public_url: str = "http://127.0.0.1:8000"
) -> Settings:
    """Settings of an installation on this machine, with keys that protect nothing."""
    return Settings(
        database_url=database_url,
        data_dir=data_dir,
        public_url=public_url,
        secret_key="not-a-secret",
        phone_key=bytes(range(64)),
        index_key=bytes(range(32)),
        tally_key=bytes(range(1, 33)),
        telephony_url="http://127.0.0.1:8001",
        telephony_account="AC" + "0" * 32,
        telephony_token="test-token",
        webhook_secret="test-webhook-secret",
        caller_number="+8600000000000",
        zone=ZoneInfo("Asia/Shanghai"),
        secure_cookies=False,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables from which `read_settings` reads `settings` again."""
    keys = {"phone_key", "index_key", "tally_key"}
    told = [field.name for field in fields(settings) if field.name != "secure_cookies"]
    values = {name: getattr(settings, name) for name in told}
    return {
        f"EVALSYS_{name.upper()}": value.hex() if name in keys else str(value)
        for name, value in values.items()
    }
