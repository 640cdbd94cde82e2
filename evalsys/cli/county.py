"""`evalsys county generate`: make up a county, for demos, rehearsals and tests."""

import json
from datetime import datetime
from pathlib import Path

import click

from evalsys.cli.day import Day
from evalsys.cli.progress import ProgressBar
from evalsys.county.generate import FORMS_WORKBOOK, Wanted, as_json, generate
from evalsys.county.land import YISHUI, Shape
from evalsys.domain.roster_sheets import Kind
from evalsys.say import said, say
from evalsys.store.grid_preset import YISHUI as YISHUI_PRESET
from evalsys.store.grid_preset import preset_names, shipped_preset
from evalsys.store.household_form import shipped_form


@click.group()
def command() -> None:
    """虚构县数据 · a made-up county."""


@command.command("generate")
@click.option(
    "--cadres",
    default=10_180,
    show_default=True,
    type=click.IntRange(1, 9_999_999),
    help="干部人数 · cadres.",
)
@click.option(
    "--households",
    default=337_000,
    show_default=True,
    type=click.IntRange(0, 99_999_999),
    help="联系户数 · households.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=int,
    help="种子，相同种子逐字节相同 · the same seed gives the same bytes.",
)
@click.option(
    "--out",
    default="county",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="输出目录 · folder to write into.",
)
@click.option(
    "--format",
    "form",
    default="both",
    show_default=True,
    type=click.Choice(["xlsx", "csv", "both"]),
    help="roster.xlsx、每表一个 .csv，或两者 · one workbook, one CSV a table, or both.",
)
@click.option(
    "--as-of",
    default="2026-11-01",
    show_default=True,
    type=Day(),
    help="台账截止日 · visits and requests lie in this year, up to this day.",
)
@click.option(
    "--preset",
    default=YISHUI_PRESET,
    show_default=True,
    type=click.Choice(preset_names()),
    help="网格方案 · levels of the grid, see `evalsys grid preset list`.",
)
@click.option(
    "--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print the figures as JSON."
)
def generate_command(  # noqa: PLR0913 - one parameter an option
    *,
    cadres: int,
    households: int,
    seed: int,
    out: Path,
    form: str,
    as_of: datetime,
    preset: str,
    wants_json: bool,
) -> None:
    """生成一个完全虚构的县 · write a believable, wholly fictitious county.

    Writes the files that a real county would hand in (docs/formats/roster.md), in files of their
    own whom its bureaus' programmes served (docs/formats/programmes.md) and what some households
    tell of themselves (docs/household-form.md) and, apart from them,
    truth.jsonl: what each household would say when asked. Nothing but the local
    telephone exchange may read that file. Some claims in the papers are untrue.

    People, phones and events are made up; only the township names are real. All numbers are
    154xxxxxxxx, a range that no carrier in mainland China has been assigned: nobody can be
    called by mistake.

    Exit code 0: written. 2: an option is wrong.
    """
    wanted = Wanted(cadres, households, seed, as_of.date(), _shape(preset), shipped_form().fields)
    with ProgressBar() as bar:
        made, files = generate(
            wanted,
            out,
            csv=form != "xlsx",
            xlsx=form != "csv",
            progress=lambda done, total: bar.show("生成", done, total),
        )
    if wants_json:
        click.echo(json.dumps(as_json(made, files), ensure_ascii=False))
        return
    say(
        f"虚构县已写入 {out}：{'、'.join(f'{said(name)} {n:,}' for name, n in made.grids)}；"
        f"{made.units} 个单位、{made.cadres} 名干部、{made.households} 户、"
        f"{made.visits} 次走访、{made.requests} 件诉求、{made.services} 次项目服务、"
        f"{made.forms} 份民情表；"
        f"{made.cadres_with_false_claims} 名干部对 {made.households_with_false_claims} 户"
        "有不实记录。"
    )
    roster = out / ("roster.xlsx" if form == "xlsx" else "*.csv")
    click.echo(f"导入 · import: evalsys import roster {roster}")
    served = out / ("programmes.xlsx" if form == "xlsx" else "services.csv")
    click.echo(f"项目 · programmes: evalsys import programme {served}")
    filled = out / (FORMS_WORKBOOK if form == "xlsx" else f"{Kind.HOUSEHOLD_FORM}.csv")
    click.echo(f"民情表 · household forms: evalsys import forms {filled}")


def _shape(preset: str) -> Shape:
    if preset == YISHUI_PRESET:
        return YISHUI
    found = shipped_preset(preset)
    return Shape(found.levels, found.patterns, bool(found.classes), found.roles)
