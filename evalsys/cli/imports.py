"""`evalsys import`: bring in who is linked to whom, whom programmes served, and how to class."""

from collections.abc import Mapping

import click

from evalsys.cli.sub_commands import SubCommands

COMMANDS: Mapping[str, str] = {
    "agenda": "evalsys.cli.import_agenda",
    "assessment": "evalsys.cli.import_assessment",
    "forms": "evalsys.cli.import_forms",
    "panel": "evalsys.cli.import_panel",
    "programme": "evalsys.cli.import_programme",
    "records": "evalsys.cli.import_records",
    "requests": "evalsys.cli.import_requests",
    "roster": "evalsys.cli.import_roster",
    "taxonomy": "evalsys.cli.import_taxonomy",
}


@click.group(cls=SubCommands, modules=COMMANDS)
def command() -> None:
    """导入数据 · bring data in."""
