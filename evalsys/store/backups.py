"""Backups of the database: the newest in one folder, where whoever makes them leaves them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from evalsys.errors import OutsideFailure


@dataclass(frozen=True, slots=True)
class Backup:
    """A file, or a folder of `pg_dump --format directory`, and when it was last written."""

    name: str
    made_at: datetime


def newest_backup(folder: Path) -> Backup | None:
    """Find the newest backup in `folder`; an empty file is a dump that failed, and none.

    Raises:
        OutsideFailure: the folder is not there, or may not be read.
    """
    try:
        seen = [(one.name, one.stat(), one.is_dir()) for one in folder.iterdir()]
    except OSError as error:
        raise OutsideFailure(
            f"备份文件夹 {folder} 不能读：{error.strerror}。",
            remedy="请核对 EVALSYS_BACKUP_DIR 和它的权限。",
        ) from error
    made = [(status.st_mtime, name) for name, status, is_dir in seen if is_dir or status.st_size]
    if not made:
        return None
    at, name = max(made)
    return Backup(name, datetime.fromtimestamp(at, UTC))
