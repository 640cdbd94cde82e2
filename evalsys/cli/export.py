"""`evalsys export`: take the personnel room's lists out as files."""

import json
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.app import build_personnel
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.export_board import board
from evalsys.cli.export_cards import cards
from evalsys.cli.export_dossiers import dossiers
from evalsys.cli.export_lrmx import lrmx
from evalsys.cli.export_notices import notices
from evalsys.cli.export_openings import openings
from evalsys.cli.export_protocol import agenda, protocol
from evalsys.cli.export_units import units
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.errors import InvalidInput
from evalsys.say import said, say
from evalsys.services.personnel_export import ListFormat, ListKind, Order, export
from evalsys.settings import read_settings

ACTOR = "system:export"

_EPILOG = """
\b
退出码 · exit codes:
  0    已写出 · written
  1    数据或规则不允许 · refused
  2    参数或日期不可用 · unusable option, day or year
"""


@click.group(epilog=_EPILOG)
def command() -> None:
    """导出组织部名单 · export the lists of the personnel department.

    列的含义见 docs/formats/decisions.md · columns are documented there.
    """


def _lists(kind: ListKind, help_text: str) -> None:
    @command.command(kind.value, help=help_text, epilog=_EPILOG)
    @click.option(
        "--format",
        "form",
        type=click.Choice([form.value for form in ListFormat]),
        help="工作簿或 CSV；不写时按文件名 · by default what the file's name says",
    )
    @click.option(
        "--out",
        required=True,
        type=click.Path(dir_okay=False, path_type=Path),
        help="写到哪个文件；已有的会被替换 · file to write, replaced if it exists",
    )
    @click.option(
        "--as-of",
        type=Day(),
        help="基准日，默认今天 · day, today by default",
    )
    @click.option(
        "--year", type=int, help="考核年度，默认最近录入的 · year, the last entered by default"
    )
    @click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")
    def one_list(
        form: str | None, out: Path, as_of: datetime | None, year: int | None, *, as_json: bool
    ) -> None:
        day = as_of.date() if as_of else None
        _export(Order(kind, _form(form, out), day, year), out, as_json=as_json)


command.add_command(board)
command.add_command(cards)
command.add_command(dossiers)
command.add_command(lrmx)
command.add_command(notices)
command.add_command(openings)
command.add_command(protocol)
command.add_command(agenda)
command.add_command(units)
_lists(ListKind.DECISIONS, "每名干部的结论和理由 · every cadre with conclusion and reasons")
_lists(ListKind.SESSIONS, "直播会上的认定 · what live sessions found")
_lists(ListKind.ASSESSMENT, "每名干部的年度成绩 · every cadre's year with components and peers")
_lists(ListKind.RULES, "规则和参数及其依据 · every rule and number with its source")
_lists(ListKind.COVERAGE, "各单位的覆盖情况 · results entered and households heard, by unit")


def _form(given: str | None, out: Path) -> ListFormat:
    try:
        return ListFormat(given or out.suffix.removeprefix(".").lower())
    except ValueError as error:
        raise InvalidInput(
            f"从文件名看不出格式：{out.name}。",
            remedy="请用 --format xlsx 或 --format csv。",
            place="--format",
        ) from error


def _export(order: Order, out: Path, *, as_json: bool) -> None:
    settings = read_settings(os.environ)
    with opened_database(settings) as database, whole_or_nothing(out) as part:
        done = export(build_personnel(settings, database), order, part, by=ACTOR)
    evaluation = done.evaluation
    if as_json:
        told = {
            "list": order.kind,
            "format": order.form,
            "out": str(out),
            "rows": done.rows,
            "year": evaluation.year,
            "as_of": evaluation.as_of.isoformat(),
            "run": evaluation.run,
            "rulebook": evaluation.rules.name,
            "rulebook_sha256": evaluation.rules.sha256,
            "conclusions": dict(evaluation.conclusions),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    counts = "，".join(f"{said(word)} {count}" for word, count in evaluation.conclusions.items())
    say(
        f"已写出 {out}：{done.rows} 行。考核年度 {evaluation.year}，"
        f"基准日 {evaluation.as_of.isoformat()}，评估批次 {evaluation.run}（{counts}）"
    )
