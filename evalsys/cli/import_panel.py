"""`evalsys import panel`: who is invited to the panel of a session."""

import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from evalsys.app import build_panel
from evalsys.cli.import_options import INPUT_WRONG, current_database
from evalsys.cli.import_problems import print_problems
from evalsys.ids import LiveId
from evalsys.say import say
from evalsys.settings import read_settings


@click.command("panel")
@click.argument("live")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(*, live: str, files: tuple[Path, ...], wants_json: bool) -> None:
    """导入评议团名单 · import who is invited to the panel of session LIVE from FILES.

    One row a person: name, category, unit, post, whether they hold a leading post
    (docs/formats/panel.md). The list takes the place of the former one, until somebody was checked
    in; with one error nothing is imported.

    Exit code 0: imported. 2: there are errors, the former list stays.
    """
    settings = read_settings(os.environ)
    database = current_database(settings)
    result = build_panel(settings, database).read_files(
        LiveId(live), files, actor=f"cli:{getpass.getuser()}"
    )
    database.close()
    if wants_json:
        listed = [{"place": one.place, "seat": one.seat} for one in result.members]
        problems = [asdict(problem) for problem in result.problems]
        told = {"errors": result.errors, "problems": problems, "members": listed}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_problems(result)
        seated = sum(one.seat is not None for one in result.members)
        say(f"名单 {len(result.members)} 人，已安排席位 {seated} 人，其余为候补。")
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)
