"""`evalsys export board`: how the requests of a grid stand."""

import json
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.domain.casework.board import Cadence, Division, Sort
from evalsys.errors import InvalidInput
from evalsys.say import say
from evalsys.services.casework_board import CaseworkBoards
from evalsys.services.casework_board_export import export_board
from evalsys.settings import read_settings

_FORMS = ("xlsx", "csv")


@click.command(
    epilog="\b\n退出码 · exit codes:\n  0    已写出 · written\n  1    没有这个网格 · no such grid\n"
    "  2    参数不可用 · unusable option"
)
@click.option("--grid", default="", help="网格编码，缺省为全县 · code; the county by default")
@click.option(
    "--by",
    type=click.Choice([each.value for each in Division]),
    default=Division.GRID.value,
    show_default=True,
    help="每行一个下级网格、干部或单位 · what a line is",
)
@click.option(
    "--period",
    "cadence",
    type=click.Choice([each.value for each in Cadence]),
    default=Cadence.ALL.value,
    show_default=True,
    help="只计本日、本月、本季或本年提出的 · requests raised in which period",
)
@click.option(
    "--kind",
    type=click.Choice([each.value for each in Sort]),
    help="只计一类诉求 · requests of one kind, or petitions, alone",
)
@click.option("--on", type=Day(), help="哪一天所在的期间，缺省今天 · a day of it")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件（.xlsx 或 .csv）· file to write, replaced if it exists",
)
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")
def board(  # noqa: PLR0913 - one argument an option
    grid: str,
    by: str,
    cadence: str,
    kind: str | None,
    on: datetime | None,
    out: Path,
    *,
    as_json: bool,
) -> None:
    """诉求办理看板 · how the requests of a grid stand, as the board on the screen."""
    form = out.suffix.removeprefix(".").lower()
    if form not in _FORMS:
        raise InvalidInput(
            f"从文件名看不出格式：{out.name}。",
            remedy="请写成 .xlsx 或 .csv 的文件名。",
            place="--out",
        )
    settings = read_settings(os.environ)
    with opened_database(settings) as database, whole_or_nothing(out) as part:
        boards = CaseworkBoards(database, utc_now, settings.zone)
        day = on.date() if on else None
        only = Sort(kind) if kind else None
        found = boards.board(grid, Division(by), Cadence(cadence), day, sort=only)
        lines = export_board(found, part, form=form, zone=settings.zone)
    if as_json:
        told = {
            "grid": found.grid.code,
            "by": by,
            "period": cadence,
            "kind": kind,
            "as_of": found.as_of.isoformat(),
            "out": str(out),
            "rows": lines,
            "total": found.total._asdict(),
            "settled": dict(found.settled),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    total = found.total
    say(
        f"已写出 {out}：{found.grid.name}，{lines} 行；收到 {total.raised}，在办 {total.open}，"
        f"超期 {total.overdue}，已解决 {total.solved}。"
    )
