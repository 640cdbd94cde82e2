"""`evalsys export openings`: the sworn auditor's papers of one session."""

import os
from pathlib import Path

import click

from evalsys.app import build_auditor
from evalsys.cli.database import opened_database
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.errors import InvalidInput, NotAllowed
from evalsys.ids import LiveId, is_id
from evalsys.say import say
from evalsys.services.access import Access
from evalsys.settings import read_settings
from evalsys.store.database import Database

_OWNER_ONLY = 0o600


@click.command("openings")
@click.argument("session")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹，没有就新建 · folder to write into, made if missing",
)
@click.option("--auditor", required=True, help="审计账号的用户名 · sign-in name of the auditor")
def openings(session: str, out: Path, auditor: str) -> None:
    """审计材料：拨打过的每一户的启封证明和通话回执 · the auditor's papers of a session.

    SESSION 是会议网址里的 32 位标识。openings.jsonl 含电话号码，只有文件主人可读，每个号码记入审计
    日志；用 evalsys verify-opening 核对。receipts.csv 没有号码和姓名。

    SESSION is the 32 hex digits in the session's address. openings.jsonl holds telephone numbers:
    readable by its owner alone, one line in the audit log for each; check it with
    `evalsys verify-opening`. receipts.csv has neither numbers nor names.
    """
    if not is_id(session):
        raise InvalidInput("这不是会议标识。", remedy="它是 32 位小写十六进制。", place="SESSION")
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        _check_sworn(database, auditor)
        papers = build_auditor(settings, database).papers(LiveId(session), actor=auditor)
    for name, data in papers.items():
        _write(out / name, data)
    say(f"已写出 {out}：{'、'.join(papers)}")


def _check_sworn(database: Database, name: str) -> None:
    for account in Access(database, utc_now).accounts():
        if account.name == name and account.role is Role.AUDITOR and not account.disabled_at:
            return
    raise NotAllowed(
        f"“{name}”不是审计账号。", remedy="用 evalsys user list 查看账号，由审计人员本人具名。"
    )


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        # Made unreadable to others before the first number is in it.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "wb") as f:
            f.write(data)
    except OSError as error:
        raise InvalidInput(
            f"不能写入 {path}：{error.strerror}。", remedy="请换一个可写的位置。", place="--out"
        ) from error
