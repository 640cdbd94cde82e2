"""What a full disk, a broken one, or a database that went away says to whoever is in front of it.

The transaction was rolled back by then: nothing of it is kept, and the step can be taken again.
"""

import errno
import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError

from evalsys.errors import DatabaseAway, EvalsysError, StorageFull

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_BROKEN = frozenset({errno.EIO, errno.EFBIG, errno.EROFS})


def refusal_of(error: BaseException) -> EvalsysError | None:
    """Say in words what happened below us; None when it is something else, a defect for one."""
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return _of_number(error.errno or 0)
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return _of_sqlite(cause)
    if isinstance(cause, psycopg.errors.DiskFull):
        return _full()
    if isinstance(cause, psycopg.errors.IoError):
        return _broken()
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return _away()
    return None


def _of_number(number: int) -> EvalsysError | None:
    if number in _FULL:
        return _full()
    return _broken() if number in _BROKEN else None


def _of_sqlite(cause: sqlite3.OperationalError) -> EvalsysError | None:
    # The low byte is the error, what is above it only the place.
    match cause.sqlite_errorcode & 0xFF:
        case sqlite3.SQLITE_FULL:
            return _full()
        case sqlite3.SQLITE_IOERR | sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN:
            return _broken()
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return DatabaseAway(
                "另一个程序正占着数据库，这一步没有记录。",
                remedy="请稍候再按一次；反复出现时，请管理员停掉另外打开数据库的程序。",
            )
    return None


def _full() -> StorageFull:
    return StorageFull(
        "磁盘已满，这一步没有记录；此前已记录的都在。",
        remedy="请管理员腾出数据目录的空间，无需重启，然后再按一次。",
    )


def _broken() -> StorageFull:
    return StorageFull(
        "磁盘写不进去，这一步没有记录；此前已记录的都在。",
        remedy="请管理员查看数据目录所在的磁盘和权限，恢复后再按一次。",
    )


def _away() -> DatabaseAway:
    return DatabaseAway(
        "数据库没有应答，不能确认这一步是否已经记录。",
        remedy="系统正在自动重连；画面恢复后请先看清当前状态，需要时再按一次。",
    )
