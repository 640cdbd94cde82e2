"""`evalsys import taxonomy`: a version of the classes of requests, or of the elements."""

import getpass
import json
import os
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click

from evalsys.cli.day import Day
from evalsys.cli.import_options import INPUT_WRONG, current_database
from evalsys.cli.import_problems import print_problems
from evalsys.clock import utc_now
from evalsys.domain.taxonomy import LEVEL_NAMES, NAME_LIMIT, Catalogue
from evalsys.say import said, say
from evalsys.services.taxonomy import Intake, Taxonomies, TaxonomyReport
from evalsys.settings import read_settings


@click.command("taxonomy")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--elements", is_flag=True, help="要素目录，不是诉求分类 · the element catalogue.")
@click.option("--shipped", is_flag=True, help="随软件提供的示例 · the example that comes along.")
@click.option("--name", default="", help="版本名称，默认文件名 · by default the file's name.")
@click.option(
    "--since",
    type=Day(),
    help="启用日，默认今天 · first day in force, today by default.",
)
@click.option(
    "--dry-run", is_flag=True, help="只检查，不写入 · check everything and write nothing."
)
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(  # noqa: PLR0913 - click hands over one argument an option
    *,
    file: Path | None,
    elements: bool,
    shipped: bool,
    name: str,
    since: datetime | None,
    dry_run: bool,
    wants_json: bool,
) -> None:
    """导入分类体系 · import the taxonomy of requests from FILE (xlsx or csv) as a new version.

    One row a class: code, name, parent's code, admission to a grid, urgency
    (docs/formats/taxonomy.md). A version is never edited, only superseded by one with a later
    first day; what was classed before keeps its class. The same content again changes nothing.

    Exit code 0: imported, unchanged, or the dry run found no error. 2: there are errors.
    """
    if (file is None) is not shipped:
        raise click.UsageError("请给出一个文件，或用 --shipped。 · Give a file or --shipped.")
    settings = read_settings(os.environ)
    database = current_database(settings)
    room = Taxonomies(database, utc_now, settings.zone)
    catalogue = Catalogue.ELEMENTS if elements else Catalogue.CLASSES
    day, by = since.date() if since else room.today(), f"cli:{getpass.getuser()}"
    title = name or (file.stem[:NAME_LIMIT] if file else "")
    intake = Intake(catalogue, title, day, by, dry_run)
    found = room.take(file, file.name, intake) if file else room.take_shipped(intake)
    database.close()
    if wants_json:
        click.echo(json.dumps(asdict(found), ensure_ascii=False))
    else:
        print_problems(found)
        say(_taxonomy_verdict(found, catalogue), fg="red" if found.errors else "green")
    if found.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


def _taxonomy_verdict(found: TaxonomyReport, catalogue: Catalogue) -> str:
    if found.errors:
        return f"没有导入：有 {found.errors:,} 个错误。请改正后重新导入。"
    levels = "、".join(
        f"{count} {said(level)}"
        for level, count in zip(LEVEL_NAMES[catalogue], found.counts, strict=True)
    )
    if found.is_known:
        done = "与适用中的版本完全相同，没有新增版本"
    else:
        done = "导入完成" if found.version else "试导入通过，没有写入"
    return f"{done}：{levels}，版本 {found.sha256}"
