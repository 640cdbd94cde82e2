"""`evalsys doctor` beside running programs: each thing that is away is named with its remedy."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from evalsys.settings import Settings
from evalsys.store.database import Database
from tests import warmed
from tests.builders import environment_of, some_settings
from tests.live_hall import OpenHall
from tests.processes import NO_LINE


def _doctor(settings: Settings, **more: str) -> tuple[int, dict[str, dict[str, Any]]]:
    its_own = {**os.environ, **environment_of(settings), **more}
    ended = warmed.run(["evalsys", "doctor", "--json"], its_own)
    assert "Traceback" not in ended.stderr
    found = json.loads(ended.stdout) if ended.stdout else []
    return ended.returncode, {one["name"]: one for one in found}


@pytest.mark.on_postgresql
def test_an_installation_that_is_ready_passes_and_what_goes_away_is_named(
    open_hall: OpenHall,
) -> None:
    hall = open_hall(slots=1)
    hall.wait(lambda _: _doctor(hall.settings)[1]["tally"]["mark"] == "ok")
    code, found = _doctor(hall.settings)
    assert code == 0, found
    assert {one["mark"] for one in found.values()} <= {"ok", "warn"}
    assert "20 名干部，240 户" in found["roster"]["says"]
    assert "没有登记是谁的" in found["persons"]["says"]
    assert "第 1 任主机 evalsys" in found["leader"]["says"]
    assert found["web"]["mark"] == "ok"

    assert hall.exchange is not None
    assert hall.app is not None
    hall.exchange.kill()
    hall.app.kill()
    code, found = _doctor(hall.settings)
    assert code == 1
    failed = {name for name, one in found.items() if one["mark"] == "FAIL"}
    assert failed == {"carrier", "address", "leader"}
    assert "没有心跳" in found["leader"]["says"]
    assert all(found[name]["remedy"] for name in failed)


def test_an_empty_installation_is_told_all_that_is_missing(tmp_path: Path) -> None:
    settings = some_settings(f"sqlite:///{tmp_path / 'none.db'}", tmp_path, public_url=NO_LINE)
    code, found = _doctor(settings)
    assert code == 1
    assert found["database"]["mark"] == "FAIL"
    assert "evalsys migrate" in found["database"]["remedy"]
    assert "tally" not in found
    assert found["prompts"]["mark"] == "warn"
    assert "沂蒙话 没有录音 annual-4 offer-yimeng" in found["prompts"]["says"]


@pytest.mark.on_sqlite
def test_a_folder_that_cannot_be_written_and_an_empty_roster_fail(
    database: Database, tmp_path: Path
) -> None:
    address = database.engine.url.render_as_string(hide_password=False)
    (tmp_path / "file").write_text("")
    settings = some_settings(address, tmp_path, public_url=NO_LINE)
    (tmp_path / "backups").mkdir()
    (tmp_path / "backups" / "failed.dump").touch()
    code, found = _doctor(
        settings,
        EVALSYS_WATCH_DIR=str(tmp_path / "file" / "watch"),
        EVALSYS_BACKUP_DIR=str(tmp_path / "backups"),
    )
    assert code == 1
    assert found["watch"]["mark"] == found["roster"]["mark"] == found["accounts"]["mark"] == "FAIL"
    assert found["tally"]["mark"] == found["backup"]["mark"] == "warn"
    assert found["persons"]["mark"] == "ok"  # there is no account yet
    assert "里没有备份" in found["backup"]["says"]
    assert "还没有服务器主持过" in found["leader"]["says"]
    assert "web" not in found
    assert found["disk"]["mark"] in {"ok", "warn"}


def test_missing_settings_end_with_2() -> None:
    bare = {name: value for name, value in os.environ.items() if not name.startswith("EVALSYS_")}
    ended = warmed.run(["evalsys", "doctor"], bare)
    assert ended.returncode == 2
    assert "EVALSYS_PHONE_KEY 未设置" in ended.stderr
