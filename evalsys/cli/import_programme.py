"""`evalsys import programme`: whom units' programmes served."""

import getpass
import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from evalsys.cli.import_options import (
    INPUT_WRONG,
    current_database,
    from_files,
    keep_report,
    say_merged,
    say_verdict,
)
from evalsys.cli.import_problems import print_problems
from evalsys.cli.no_collecting import no_collecting
from evalsys.cli.progress import ProgressBar
from evalsys.clock import utc_now
from evalsys.domain.local_date import local_date
from evalsys.domain.programme_sheet import SERVICES
from evalsys.services.programme_import import TITLES, ProgrammeImport
from evalsys.settings import read_settings


@click.command("programme")
@from_files
def command(
    *, files: tuple[Path, ...], dry_run: bool, report: Path | None, wants_json: bool
) -> None:
    """导入项目服务对象 · import whom units' programmes served from xlsx and csv FILES.

    One row a service: programme number (eight digits that begin with 9), programme name, unit,
    household code, item, date (docs/formats/programmes.md). Units and households must be in the
    roster. Either everything is imported or nothing. Importing the same files again changes
    nothing; what the files do not mention stays.

    Exit code 0: imported, or the dry run found no error. 2: there are errors, nothing was
    imported. 130: cancelled, nothing was imported.
    """
    settings = read_settings(os.environ)
    database = current_database(settings)
    today = local_date(utc_now(), settings.zone)
    with no_collecting(), ProgressBar() as bar:
        result = ProgrammeImport(database, utc_now, today).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    keep_report(report, result, files, (SERVICES,))
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        for table, merged in result.merged.items():
            say_merged(TITLES[table], merged)
        say_verdict(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)
