"""`evalsys import assessment`: scores of components of a year or a quarter."""

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
from evalsys.cli.progress import ProgressBar
from evalsys.clock import utc_now
from evalsys.domain.assessment_sheets import ASSESSMENT_SHEETS
from evalsys.domain.local_date import local_date
from evalsys.services.assessment_import import AssessmentImport
from evalsys.settings import read_settings
from evalsys.store.rulebooks import shipped_rulebook


@click.command("assessment")
@from_files
def command(
    *, files: tuple[Path, ...], dry_run: bool, report: Path | None, wants_json: bool
) -> None:
    """导入考核成绩 · import scores of components of a year or a quarter from xlsx and csv FILES.

    One row a cadre or unit, component and cycle: score, how many were to be asked, were called,
    reached and answered, document, day; petition statistics in a table of their own
    (docs/formats/assessment.md). Either everything is imported or nothing. A closed cycle takes
    nothing. Importing the same files again changes nothing; an old score stays on record.

    Exit code 0: imported, or the dry run found no error. 2: there are errors, nothing was
    imported. 130: cancelled, nothing was imported.
    """
    settings = read_settings(os.environ)
    database = current_database(settings)
    today = local_date(utc_now(), settings.zone)
    with ProgressBar() as bar:
        result = AssessmentImport(database, utc_now, today, shipped_rulebook()).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    keep_report(report, result, files, ASSESSMENT_SHEETS)
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        for title, merged in result.merged.items():
            say_merged(title, merged)
        say_verdict(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)
