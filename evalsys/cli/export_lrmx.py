"""`evalsys export lrmx`: appointment forms with the year's result and the reasons."""

import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.app import build_personnel
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.lrmx import form_from
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.ids import CadreNumber
from evalsys.say import say
from evalsys.services.appointment_forms import FormOrder, completed_form
from evalsys.settings import read_settings

ACTOR = "system:export"


@click.command("lrmx")
@click.option("--cadre", required=True, help="8 位编号 · number")
@click.option(
    "--seed-from",
    type=click.Path(path_type=Path),
    help="要填写的审批表；不写则按名册新建 · form to complete, a new one by default",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件 · file to write, replaced if it exists",
)
@click.option("--as-of", type=Day(), help="基准日，默认今天 · day, today by default")
@click.option(
    "--year", type=int, help="考核年度，默认最近录入的 · year, by default the last entered"
)
@click.option("--purpose", default="", help="用途，记入审计日志 · what for, kept on the audit log")
def lrmx(
    *,
    cadre: str,
    seed_from: Path | None,
    out: Path,
    as_of: datetime | None,
    year: int | None,
    purpose: str,
) -> None:
    """填写任免审批表（.lrmx） · complete an appointment form.

    写入年度考核结果和任免理由，其余内容逐字节不变。

    The year's result and the reasons are written; every other byte stays.
    """
    seed = form_from(seed_from) if seed_from else None
    day = as_of.date() if as_of else None
    order = FormOrder(CadreNumber(cadre), seed, day, year, purpose)
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        content = completed_form(build_personnel(settings, database), order, by=ACTOR)
    with whole_or_nothing(out) as part:
        part.write(content)
    say(f"已写出 {out}。")
