"""Interviews over carriers that speak Twilio's wire format with an accent."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from evalsys.errors import LineDown
from evalsys.serving import prepared
from evalsys.store import migrate
from evalsys.store.database import Database
from evalsys.telephony.gateway import TwilioGateway
from tests.builders import environment_of, some_settings
from tests.living import Live, everybody, until

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.mark.parametrize(
    ("database", "carrier", "prefix", "algorithm", "conference"),
    [
        ("sqlite", "signalwire", "/api/laml", "sha1", True),
        ("postgresql", "somleng", "", "sha256", False),
    ],
    indirect=["database"],
)
def test_a_session_runs_over_another_carrier(
    live: Live, carrier: str, prefix: str, algorithm: str, *, conference: bool
) -> None:
    hall, _ = live(
        everybody(behaviour="usual"),
        more=["--carrier", carrier, "--webhook-algorithm", algorithm],
        prefix=prefix,
        carrier=carrier,
        webhook_algorithm=algorithm,
        telephony_account=str(uuid4()),
        webhook_secret="a-signing-key-of-its-own",
    )
    assert hall.rooms.dialler.can.conference is conference
    hall.open_calls(parallel=3, target=6)
    until(lambda: hall.round.calls_end is not None)
    assert hall.round.completed == 6
    attempts = [each for position in hall.round.positions.values() for each in position.attempts]
    assert all(UUID.fullmatch(each.sid) for each in attempts)
    if carrier == "somleng":
        # Nobody transcribes: a comment is kept as a recording, two minutes after the call.
        hall.minutes_pass(3)
        hall.tick()
    assert hall.round.comments == 6


def test_without_a_chosen_carrier_nobody_is_contacted() -> None:
    settings = replace(some_settings("sqlite://", Path("unused")), telephony_url="")
    with pytest.raises(LineDown, match="没有设置电话平台"):
        TwilioGateway(settings).check()


@pytest.mark.parametrize(
    ("settings", "warned"),
    [
        ({"telephony_url": "http://127.0.0.1:1"}, ""),
        ({"telephony_url": "https://voice.example.com"}, "voice.example.com"),
        ({"telephony_url": "https://voice.example.com", "telephony_country": "CN"}, ""),
        ({"telephony_url": "", "telephony_country": "US"}, "api.twilio.com (US)"),
        ({"telephony_url": ""}, ""),
    ],
)
def test_the_start_warns_when_numbers_would_leave_the_country(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    warned: str,
) -> None:
    wanted = replace(some_settings(f"sqlite:///{tmp_path}/a.db", tmp_path), **settings)  # type: ignore[arg-type]  # names of fields
    database = Database(wanted.database_url)
    migrate.upgrade(database)
    database.close()
    for name, value in environment_of(wanted).items():
        monkeypatch.setenv(name, value)
    prepared()
    told = capsys.readouterr().err
    assert ("不在境内" in told) == bool(warned)
    assert warned in told
