"""How old the last backup of the database is, in words, for the doctor and the show's checklist."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from evalsys.errors import OutsideFailure
from evalsys.store.backups import newest_backup

BACKUP_WITHIN: Final = timedelta(hours=24)
"""A backup before each session: one of the day before still holds its roster and accounts."""


@dataclass(frozen=True, slots=True)
class BackupAge:
    """What is known of the last backup; `is_recent` says that it lies within the last day."""

    says: str
    is_recent: bool
    remedy: str = ""


def backup_age(folder: Path | None, now: datetime) -> BackupAge:
    """Look into `folder`, where backups lie; None where the installation does not say."""
    if folder is None:
        return BackupAge(
            "没有说明备份放在哪里。",
            is_recent=False,
            remedy="请设置 EVALSYS_BACKUP_DIR，并定时备份到那里。",
        )
    try:
        newest = newest_backup(folder)
    except OutsideFailure as error:
        return BackupAge(error.what, is_recent=False, remedy=error.remedy)
    if newest is None:
        return BackupAge(f"{folder} 里没有备份。", is_recent=False, remedy="请用 pg_dump 备份。")
    age = max(now - newest.made_at, timedelta())
    hours, minutes = divmod(age // timedelta(minutes=1), 60)
    spent = f"{hours} 小时" if hours else f"{minutes} 分钟"
    says = f"最近一份备份 {newest.name} 是 {spent}前的。"
    if age > BACKUP_WITHIN:
        return BackupAge(says, is_recent=False, remedy="请用 pg_dump 再备份一次。")
    return BackupAge(says, is_recent=True)
