"""How old the last backup is: told for what lies in a folder, and what to do about it."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from evalsys.services.backups import backup_age

NOW = datetime(2026, 11, 2, 2, tzinfo=UTC)


def _leave(folder: Path, name: str, age: timedelta, text: str = "dump") -> None:
    (folder / name).write_text(text)
    at = (NOW - age).timestamp()
    os.utime(folder / name, (at, at))


def test_the_newest_backup_counts_and_a_failed_dump_is_none(tmp_path: Path) -> None:
    assert "没有说明" in backup_age(None, NOW).says
    assert "不能读" in backup_age(tmp_path / "away", NOW).says
    assert "没有备份" in backup_age(tmp_path, NOW).says

    _leave(tmp_path, "monday.dump", timedelta(hours=49))
    old = backup_age(tmp_path, NOW)
    assert (old.is_recent, "49 小时前" in old.says, "pg_dump" in old.remedy) == (False, True, True)
    _leave(tmp_path, "failed.dump", timedelta(minutes=1), "")
    assert backup_age(tmp_path, NOW) == old

    _leave(tmp_path, "tuesday.dump", timedelta(minutes=40))
    new = backup_age(tmp_path, NOW)
    assert (new.is_recent, "tuesday.dump 是 40 分钟前" in new.says) == (True, True)
