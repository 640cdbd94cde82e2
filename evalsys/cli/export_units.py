"""`evalsys export units`: units' year as a file."""

import json
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.app import build_unit_years
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.errors import InvalidInput
from evalsys.exports.csv import write_csv
from evalsys.exports.unit_years import unit_years_table
from evalsys.exports.xlsx import write_xlsx
from evalsys.say import say
from evalsys.settings import read_settings

ACTOR = "system:export"


@click.command("units")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件，.xlsx 或 .csv · file to write, .xlsx or .csv",
)
@click.option("--as-of", type=Day(), help="基准日，默认今天 · day, today by default")
@click.option("--year", type=int, help="考核年度，默认最近录入的 · year, the last by default")
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")
def units(out: Path, as_of: datetime | None, year: int | None, *, as_json: bool) -> None:
    """各单位的年度成绩 · every unit's year with components and coverage."""
    form = out.suffix.lower()
    if form not in {".xlsx", ".csv"}:
        raise InvalidInput(
            f"从文件名看不出格式：{out.name}。", remedy="请用 .xlsx 或 .csv。", place="--out"
        )
    settings = read_settings(os.environ)
    with opened_database(settings) as database, whole_or_nothing(out) as part:
        room = build_unit_years(settings, database)
        day = as_of.date() if as_of else None
        evaluation, county = room.year(by=ACTOR, as_of=day, year=year)
        table = unit_years_table(evaluation, county)
        if form == ".csv":
            write_csv(table, part)
        else:
            write_xlsx([table], part, made_at=utc_now().astimezone(settings.zone))
        room.note_export(by=ACTOR, evaluation=evaluation, rows=table.count)
    told = {"out": str(out), "rows": table.count, "year": evaluation.year, "run": evaluation.run}
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        say(f"已写出 {out}：{table.count} 个单位，考核年度 {evaluation.year}。")
