"""`evalsys campaign` as it is typed, on both databases."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.main import cli
from evalsys.errors import EvalsysError, InvalidInput, NotFound, WrongPhase
from tests.builders import environment_of
from tests.campaigning import Field
from tests.roster_rows import number_of

# Decided before any database is asked, or alike in both.


def _run(field: Field, *arguments: str) -> Result:
    environment = environment_of(field.settings)
    return CliRunner().invoke(cli, ["campaign", *arguments], env=environment)


def _planned(field: Field, *more: str) -> str:
    told = json.loads(_run(field, "plan", "--title", "年度评议", "--json", *more).output)
    assert told["households"] == 12
    identity: str = told["campaign"]
    return identity


def test_a_campaign_is_planned_started_paused_looked_at_and_stopped(field: Field) -> None:
    campaign = _planned(field)
    told: dict[str, Any] = {}
    for step, state in (
        ("start", "running"), ("pause", "paused"), ("start", "running"), ("stop", "stopped"),
    ):  # fmt: skip
        assert _run(field, step, campaign).exit_code == 0
        told = json.loads(_run(field, "status", campaign, "--json").output)
        assert told["state"] == state
    assert told["outcomes"] == {"3.11": 12}
    assert told["counts"]["UH"] == 12
    assert told["rates"]["RR1"] == {"fraction": "0/12", "value": 0.0}
    assert told["rates"]["RR5"] is None
    assert isinstance(_run(field, "start", campaign).exception, WrongPhase)
    assert campaign in _run(field, "status").output


def test_how_long_it_takes_is_told_before_anybody_is_called(field: Field) -> None:
    for lines, days in ((30, 37.1), (200, 5.6)):
        told = _run(field, "forecast", "--households", "337000", "--lines", str(lines), "--json")
        found = json.loads(told.output)
        assert (found["attempts"], found["lines"], found["days"]) == (674_000, lines, days)
    assert "已计划活动" in _run(field, "plan", "--title", "试").output


@pytest.mark.on_sqlite
def test_a_plan_that_cannot_be_meant_is_refused(field: Field) -> None:
    for arguments, says in (
        (("--kind", "appointment"), "任前评议须指明干部编号"),
        (("--kind", "pledge", "--cadre", number_of(0)), "承诺回访须指明"),
        (("--kind", "department"), "部门抽查须指明"),
        (("--kind", "callback", "--pledge", "修路"), "办结回访问的是已办结的诉求"),
        (("--kind", "callback"), "没有待回访的诉求"),
        (("--cadre", "99999999"), "名册中没有：99999999"),
        (("--attempts", "7"), "每户最多拨打 1 到 6 次"),
        (("--attempts", "0"), "每户最多拨打 1 到 6 次"),
        (("--window", "25:00-26:00"), "不是时段"),
        (("--window", "12:00-09:00"), "不是时段"),
        (("--window", "09:00-12:00", "--window", "11:00-13:00"), "重叠"),
        (("--quota", "-1"), "配额不可用"),
        (("--title", " "), "活动名称"),
        (("--title", "长" * 101), "活动名称"),
    ):
        refused = _run(field, "plan", "--title", "年度评议", *arguments).exception
        assert isinstance(refused, InvalidInput), arguments
        assert (refused.exit_code, says in refused.what) == (2, True), refused.what


@pytest.mark.on_sqlite
@pytest.mark.parametrize("name", ["0" * 32, "x", "9" * 400, "'; --"])
def test_a_campaign_that_does_not_exist_is_not_found(field: Field, name: str) -> None:
    for step in ("start", "pause", "stop", "status"):
        assert isinstance(_run(field, step, name).exception, NotFound)


def test_lists_are_written_as_csv_and_as_workbook(field: Field, tmp_path: Path) -> None:
    campaign = _planned(field)
    for name in ("cadres", "units", "townships", "visits", "letters"):
        for form in ("csv", "xlsx"):
            out = tmp_path / f"{name}.{form}"
            done = _run(field, "export", campaign, "--list", name, "--out", str(out))
            assert done.exit_code == 0, done.exception
            assert out.stat().st_size
    cadres = (tmp_path / "cadres.csv").read_text("utf-8-sig").splitlines()
    assert cadres[0].startswith("编号,名称,总户数,I,P,R,NC,O,UH,UO,NE,RR1")
    assert cadres[1].startswith("00000001,张三 · 县水利局,6,0,0,0,0,0,6,0,0,0/6")
    letters = (tmp_path / "letters.csv").read_text("utf-8-sig").splitlines()
    assert len(letters) == 13
    household, _, pin = letters[1].split(",")
    assert field.room.calls.pins.pin_of(campaign, household, 6) == pin
    refused = _run(field, "export", campaign, "--out", str(tmp_path / "x.pdf")).exception
    assert isinstance(refused, InvalidInput)


def test_lines_holidays_and_wishes_are_set_and_told(field: Field) -> None:
    said = _run(field, "lines", "--channels", "200", "--reserved", "10", "--calls-a-second", "2.5")
    assert "线路 200 条，预留 10 条，每秒最多拨 2.5 通" in said.output
    assert isinstance(_run(field, "lines", "--reserved", "200").exception, InvalidInput)
    assert "2027-01-01  元旦" in _run(field, "holidays", "2027-01-01=元旦").output
    assert "2027-01-01" in _run(field, "holidays", "2027-02-17=春节").output
    assert "2027-01-01" not in _run(field, "holidays", "--replace").output
    assert isinstance(_run(field, "holidays", "tomorrow").exception, InvalidInput)
    assert _run(field, "wish", "00000001001", "--do-not-call").exit_code == 0
    told = json.loads(_run(field, "status", _planned(field), "--json").output)
    assert told["stops"] == {"do_not_call": 1}
    assert isinstance(_run(field, "wish", "nobody").exception, EvalsysError)


def test_a_dialler_of_its_own_calls_whoever_is_due(field: Field) -> None:
    campaign = _planned(field, "--window", "00:00-23:59")
    _run(field, "start", campaign)
    assert "已拨 5 通" in _run(field, "dial", "--once").output
    told = json.loads(_run(field, "status", campaign, "--json").output)
    assert told["lines_in_use"] == 5
