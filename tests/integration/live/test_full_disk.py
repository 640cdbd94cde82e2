"""A disk that is full, and one that fails: in words, nothing half written, and on it goes."""

import gzip
import json
import resource
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from evalsys.app import create_app
from evalsys.domain.access import Role
from evalsys.ids import LiveId
from evalsys.realtime.background import background_of
from evalsys.store import event_log
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.web.watch import WatchPages
from tests.accounts import rooms_of
from tests.builders import some_settings
from tests.live_hall import PLAN
from tests.roster_rows import fill_roster
from tests.visitor import Visitor

pytestmark = pytest.mark.on_sqlite
SIZE = "6m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of a few megabytes, in memory."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(  # noqa: S603 - Debian's mount, our own folder
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],  # noqa: S607 - wherever it lies
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"a disk of its own needs root: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S603, S607 - as above


class Evening:
    """One session over a database in `folder`, and the watch page beside it."""

    def __init__(self, folder: Path, template: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        shutil.copy(template, folder / "evalsys.db")
        address = f"sqlite:///{folder}/evalsys.db"
        settings = some_settings(address, folder)
        self.app: Flask = create_app(settings)
        self.rooms = rooms_of(self.app)
        self.database: Database = self.rooms.access._database
        with self.database.write() as db:
            fill_roster(db, PhoneBox(settings.phone_key, settings.index_key), [6] * 4)
        self.operator = Visitor(self.app).sign_in_as(Role.OPERATOR)
        plan = {**PLAN, "slots": 1}
        self.live = LiveId(self.operator.send("/console/plan", plan).get_json()["live"])
        self.watched: WatchPages = background_of(self.app).at_once[0].func.__self__  # type: ignore[attr-defined]  # a partial
        self.watched.publish_all()

    def do(self, command: str) -> tuple[int, dict[str, object]]:
        step = self.operator.ask(f"/console/{self.live}/view.json").get_json()["step"]
        body = {"command": command, "expect": step}
        answer = self.operator.send(f"/console/{self.live}/do", body)
        return answer.status_code, answer.get_json()

    def kinds(self) -> list[str]:
        """What happened, the chain checked."""
        with self.database.read() as db:
            return [type(one.event).__name__ for one in event_log.read(db, self.live)]

    def watch_page(self) -> dict[str, object]:
        """What is at home now; each file is whole, and so is the one packed beside it."""
        folder = self.folder / "watch" / self.live
        assert not [one.name for one in folder.iterdir() if one.name.startswith(".")]
        for packed in folder.glob("*.gz"):
            gzip.decompress(packed.read_bytes())
        seen: dict[str, object] = json.loads((folder / "state.json").read_text("utf-8"))
        return seen

    def close(self) -> None:
        self.database.close()


def fill(disk: Path) -> Path:
    """Leave not a byte free."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    assert shutil.disk_usage(disk).free == 0
    return ballast


def test_a_full_disk_is_said_in_words_and_the_show_goes_on_when_there_is_room(
    small_disk: Path, database: Database
) -> None:
    evening = Evening(small_disk, Path(str(database.engine.url.database)))
    assert evening.do("freeze")[0] == 200
    before, at_home = evening.kinds(), evening.watch_page()
    ballast = fill(small_disk)
    status, told = evening.do("publish")
    assert (status, told["code"]) == (507, "storage_full")
    assert "磁盘已满" in str(told["what"])
    assert "再按一次" in str(told["remedy"])
    assert evening.kinds() == before
    evening.watched.publish(evening.live)
    assert evening.watch_page() == at_home

    ballast.unlink()
    assert evening.do("publish")[0] == 200
    assert len(evening.kinds()) > len(before)
    evening.watched.publish_due()
    assert evening.watch_page()["phase"] == evening.rooms.live.state(evening.live).phase
    evening.close()


def test_a_disk_that_fails_is_said_in_words_and_nothing_is_half_written(
    tmp_path: Path, database: Database
) -> None:
    evening = Evening(tmp_path / "here", Path(str(database.engine.url.database)))
    assert evening.do("freeze")[0] == 200
    before = evening.kinds()
    log = evening.folder / "evalsys.db-wal"
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size, usual[1]))
    try:
        status, told = evening.do("publish")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        signal.signal(signal.SIGXFSZ, ignored)
    assert (status, told["code"]) == (507, "storage_full"), told
    assert "磁盘写不进去" in str(told["what"])
    assert evening.kinds() == before
    assert evening.do("publish")[0] == 200
    evening.close()
