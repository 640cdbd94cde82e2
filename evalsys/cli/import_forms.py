"""`evalsys import forms`: filled household forms."""

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
    say_verdict,
)
from evalsys.cli.import_problems import print_problems
from evalsys.cli.rooms_apart import household_forms
from evalsys.domain.access import Person, Role
from evalsys.domain.household_form import Viewer
from evalsys.domain.household_form_sheet import form_sheet
from evalsys.say import say
from evalsys.services.household_form_files import HouseholdFormFiles
from evalsys.settings import read_settings


@click.command("forms")
@from_files
def command(
    *, files: tuple[Path, ...], dry_run: bool, report: Path | None, wants_json: bool
) -> None:
    """导入民情表 · import filled household forms from xlsx and csv FILES.

    One row a household: 户编码, then a column a question, by its Chinese or English title
    (docs/household-form.md). Empty cells change nothing, an answer that differs is added beside
    the former one. Either everything is imported or nothing; importing the same files again
    adds nothing. As the county office: it may write what the office may write.

    Exit code 0: imported, or the dry run found no error. 2: there are errors, nothing was
    imported.
    """
    settings = read_settings(os.environ)
    database = current_database(settings)
    forms = household_forms(settings, database)
    actor = Person(f"cli:{getpass.getuser()}", Role.OFFICE)
    result = HouseholdFormFiles(forms).import_files(files, actor, dry_run=dry_run)
    database.close()
    definition = forms.definition
    sheet = form_sheet(definition.title, definition.writable(Viewer.OFFICE))
    keep_report(report, result, files, (sheet,))
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        households = f"{definition.title}：{result.households:,} 户"
        if result.committed:
            say(f"{households}，新增 {result.answers:,} 项。")
        else:
            say(f"{households}，将新增 {result.answers:,} 项。")
        say_verdict(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)
