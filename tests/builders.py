"""Frozen values for tests: each builder gives a believable default and takes what matters."""

import dataclasses
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from evalsys.domain.assessment import AssessmentInput
from evalsys.domain.live.words import Verdict as SessionVerdict
from evalsys.domain.personnel import (
    Appraisal,
    Cadre,
    InvestigationOutcome,
    InvestigationReport,
    SessionFinding,
)
from evalsys.domain.roster_ranks import StaffType
from evalsys.ids import CadreNumber, LiveId, UnitCode
from evalsys.settings import Settings
from evalsys.store.ballot_box import BoxKey

TALLY_KEY = bytes(range(1, 33))
"""The private half, which no application has."""

NOON = datetime(2026, 12, 1, 4, 0, tzinfo=UTC)
"""2026-12-01 12:00 in Shanghai."""


def some_settings(
    database_url: str, data_dir: Path, public_url: str = "http://127.0.0.1:8000"
) -> Settings:
    """Settings of an installation on this machine, with keys that protect nothing."""
    return Settings(
        database_url=database_url,
        data_dir=data_dir,
        watch_dir=data_dir / "watch",
        public_url=public_url,
        secret_key="not-a-secret",
        phone_key=bytes(range(64)),
        index_key=bytes(range(32)),
        tally_public_key=BoxKey(TALLY_KEY).public,
        head_key=bytes(range(2, 34)),
        telephony_url="http://127.0.0.1:8001",
        telephony_account="AC" + "0" * 32,
        telephony_token="test-token",
        webhook_secret="test-webhook-secret",
        caller_number="+8600000000000",
        beacon_relays=("http://127.0.0.1:1",),
        hall_line="client:hall",
        feed_line="client:feed",
        zone=ZoneInfo("Asia/Shanghai"),
        secure_cookies=public_url.startswith("https://"),
        proxies=0,
    )


NO_REDIS = "redis://127.0.0.1:1/0"
"""Set for every program that tests start: another program's setting, of a Redis that is away."""


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment variables from which `read_settings` reads `settings` again."""
    keys = {"phone_key", "index_key", "tally_public_key", "head_key"}
    told = [field.name for field in fields(settings) if field.name != "secure_cookies"]
    values = {name: getattr(settings, name) for name in told}
    values["beacon_relays"] = ",".join(settings.beacon_relays)
    values |= {name: values[name] or "" for name in ("backup_dir", "prompts")}
    return {"REDIS_URL": NO_REDIS} | {
        f"EVALSYS_{name.upper()}": value.hex() if name in keys else str(value)
        for name, value in values.items()
    }


def an_official(number: str = "00004211", **different: object) -> Cadre:
    """A cadre as the personnel room sees one; `different` replaces fields."""
    usual = Cadre(
        number=CadreNumber(number),
        name="王建国",
        unit=UnitCode("U001"),
        unit_name="县水利局",
        township="龙家圈街道",
        post="股长",
        rank="副科级",
        staff_type=StaffType.CIVIL_SERVANT,
        on_probation=False,
        is_principal=False,
    )
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def a_year_of(number: str = "00004211", **different: object) -> AssessmentInput:
    """A cadre's good year: 85.0 from 24 of 30 households, 80.0 and 90.0."""
    usual = AssessmentInput(
        cadre=CadreNumber(number),
        year=2026,
        household_score_tenths=850,
        households_linked=30,
        households_answered=24,
        unit_rating_tenths=800,
        inspection_tenths=900,
    )
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def a_finding(
    verdict: SessionVerdict, number: str = "00004211", **different: object
) -> SessionFinding:
    """What a session in November 2026 found about a cadre."""
    usual = SessionFinding(
        cadre=CadreNumber(number),
        live=LiveId("0" * 32),
        j=1,
        verdict=verdict,
        mean_tenths=42,
        answered=8,
        held_on=date(2026, 11, 20),
    )
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def a_report(outcome: InvestigationOutcome, **different: object) -> InvestigationReport:
    """How the investigation after `a_finding` ended."""
    usual = InvestigationReport(
        cadre=CadreNumber("00004211"),
        live=LiveId("0" * 32),
        j=1,
        outcome=outcome,
        concluded_on=date(2026, 11, 28),
        basis="县纪委监委调查报告2026 年第 12 号",
        sanction="",
        recorded_by="jijian",
        recorded_at=NOON,
    )
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def an_appraisal(satisfied: int, **different: object) -> Appraisal:
    """A pre-appointment appraisal answered by 20 of 30 households."""
    usual = Appraisal(
        cadre=CadreNumber("00004211"),
        held_on=date(2026, 11, 25),
        linked=30,
        answered=20,
        satisfied=satisfied,
        document="县委组织部评议记录2026 年第 3 号",
        recorded_by="zuzhi",
        recorded_at=NOON,
    )
    return dataclasses.replace(usual, **different)  # type: ignore[arg-type]  # tests name fields


def full_width(text: str) -> str:
    """Write ASCII as people do whose keyboard stands on full width."""
    return "".join(chr(ord(character) + 0xFEE0) for character in text)
