"""`evalsys import agenda`: what a pledge assembly answers."""

import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.import_problems import print_problems
from evalsys.cli.rooms_apart import agendas
from evalsys.ids import LiveId
from evalsys.say import say
from evalsys.settings import read_settings

_INPUT_WRONG = 2


@click.command("agenda")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--session", "live", required=True, help="承诺大会的编号 · id of the pledge assembly."
)
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(*, files: tuple[Path, ...], live: str, wants_json: bool) -> None:
    """导入承诺大会的议程 · import the agenda of a pledge assembly from xlsx and csv FILES.

    One row an issue: title, question, unit, speaker, and where counted post, requests, places
    (docs/formats/agenda.md). It takes the place of the present agenda until the assembly opens;
    with one error nothing is changed. A published agenda has to be published again.

    Exit code 0: imported. 2: there are errors, the former agenda stays.
    """
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        result = agendas(settings, database).read_files(
            LiveId(live), files, actor=f"cli:{getpass.getuser()}"
        )
    if wants_json:
        problems = [asdict(problem) for problem in result.problems]
        told = {"errors": result.errors, "problems": problems, "issues": len(result.issues)}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_problems(result)
        say(f"议程现有 {len(result.issues)} 个议题。")
    if result.errors:
        raise click.exceptions.Exit(_INPUT_WRONG)
