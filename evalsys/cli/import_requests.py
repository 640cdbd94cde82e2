"""`evalsys import requests`: a ledger of household requests enters the loop."""

import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.import_options import INPUT_WRONG, say_verdict
from evalsys.cli.import_problems import print_problems
from evalsys.cli.no_collecting import no_collecting
from evalsys.clock import utc_now
from evalsys.say import say
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_ledger import CaseworkLedger
from evalsys.settings import read_settings
from evalsys.store.casework_policy import shipped_policy


@click.command("requests")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--dry-run", is_flag=True, help="只检查，不写入 · check everything and write nothing."
)
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(*, files: tuple[Path, ...], dry_run: bool, wants_json: bool) -> None:
    """导入诉求台账 · import a ledger of household requests from xlsx and csv FILES.

    One row a request (docs/formats/requests.md). Households must be in the roster and have a
    linked cadre. Either everything is imported or nothing; a request whose number is known
    already is left as it is, so importing the same files again changes nothing.

    Exit code 0: imported, or the dry run found no error. 2: there are errors, nothing was
    imported.
    """
    settings = read_settings(os.environ)
    with opened_database(settings) as database, no_collecting():
        desk = CaseworkDesk(database, shipped_policy(), utc_now, settings.zone)
        result = CaseworkLedger(desk).run(files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run)
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        say(f"诉求：新增 {result.merged.new:,}，不变 {result.merged.unchanged:,}")
        say_verdict(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)
