"""`evalsys import`: bring in who is linked to whom, whom programmes served, and how to class."""

import gc
import getpass
import importlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from evalsys.cli.import_agenda import agenda
from evalsys.cli.import_problems import print_problems
from evalsys.cli.import_records import records
from evalsys.cli.import_requests import command as requests_command
from evalsys.cli.progress import ProgressBar
from evalsys.clock import utc_now
from evalsys.domain.assessment_sheets import ASSESSMENT_SHEETS
from evalsys.domain.programme_sheet import SERVICES
from evalsys.domain.roster_coverage import Coverage, Gap
from evalsys.domain.roster_sheets import SHEETS
from evalsys.domain.taxonomy import LEVEL_NAMES, NAME_LIMIT, Catalogue
from evalsys.errors import RuleViolation
from evalsys.exports.roster_report import write_report
from evalsys.ids import LiveId
from evalsys.services.assessment_import import AssessmentImport, AssessmentReport
from evalsys.services.panel import Panel
from evalsys.services.programme_import import TITLES, ProgrammeImport, ProgrammeReport
from evalsys.services.roster_import import ImportReport, RosterImport
from evalsys.services.roster_report import problem_rows
from evalsys.services.taxonomy import Intake, Taxonomies, TaxonomyReport
from evalsys.settings import Settings, read_settings
from evalsys.store import schema_version
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.rulebooks import shipped_rulebook

INPUT_WRONG: Final = 2

GAP_TITLES: Final[Mapping[Gap, str]] = {
    Gap.NO_CADRE: "没有联系干部的户",
    Gap.TWO_CADRES: "有两名以上联系干部的户",
    Gap.NO_HOUSEHOLD: "没有联系户的干部",
    Gap.PHONE_MISSING: "没有电话的户",
    Gap.PHONE_INVALID: "电话不合格的户",
    Gap.PHONE_SHARED: "与别户共用电话的户",
    Gap.PHONE_OF_CADRE: "留了干部电话的户",
    Gap.PHONE_OF_OFFICE: "留了单位电话的户",
    Gap.PROTECTED: "受保护、不参加直播的户",
}


def _from_files(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command FILES, and how it tells what it found in them."""
    for option in (
        click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON."),
        click.option(
            "--report",
            type=click.Path(dir_okay=False, path_type=Path),
            help="把问题写成 xlsx，问题单元格标红 · "
            "write the problems to a workbook, cells in red.",
        ),
        click.option(
            "--dry-run", is_flag=True, help="只检查，不写入 · check everything and write nothing."
        ),
        click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@click.group()
def command() -> None:
    """导入数据 · bring data in."""


command.add_command(requests_command)
command.add_command(agenda)
command.add_command(records)


@command.command("roster")
@_from_files
def roster_command(
    *, files: tuple[Path, ...], dry_run: bool, report: Path | None, wants_json: bool
) -> None:
    """导入花名册 · import the roster from xlsx and csv FILES.

    Grids, units, cadres, households, links, visits, requests and marks, in any files and any
    order; sheets are known by their header row (docs/formats/roster.md). Either everything is
    imported or nothing. Importing the same files again changes nothing; what the files do not
    mention stays.

    Exit code 0: imported, or the dry run found no error. 2: there are errors, nothing was
    imported. 130: cancelled, nothing was imported.
    """
    settings = read_settings(os.environ)
    database = _current_database(settings)
    box = PhoneBox(settings.phone_key, settings.index_key)
    with _no_collecting(), ProgressBar() as bar:
        result = RosterImport(database, box, utc_now, settings.zone).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    if report is not None:
        sheets = tuple(problem_rows(files, result.problems))
        with report.open("wb") as out:
            write_report(out, _verdict(result), result.problems, sheets)
    if wants_json:
        click.echo(json.dumps(_as_json(result), ensure_ascii=False))
    else:
        _print(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


@command.command("programme")
@_from_files
def programme_command(
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
    database = _current_database(settings)
    today = utc_now().astimezone(settings.zone).date()
    with _no_collecting(), ProgressBar() as bar:
        result = ProgrammeImport(database, utc_now, today).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    if report is not None:
        sheets = tuple(problem_rows(files, result.problems, (SERVICES,)))
        with report.open("wb") as out:
            write_report(out, _verdict(result), result.problems, sheets)
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        for table, merged in result.merged.items():
            click.echo(
                f"{TITLES[table]}：新增 {merged.new:,}，变更 {merged.changed:,}，"
                f"不变 {merged.unchanged:,}"
            )
        click.secho(_verdict(result), fg="green" if not result.errors else "red", bold=True)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


@command.command("assessment")
@_from_files
def assessment_command(
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
    database = _current_database(settings)
    today = utc_now().astimezone(settings.zone).date()
    with ProgressBar() as bar:
        result = AssessmentImport(database, utc_now, today, shipped_rulebook()).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    if report is not None:
        sheets = tuple(problem_rows(files, result.problems, ASSESSMENT_SHEETS))
        with report.open("wb") as out:
            write_report(out, _verdict(result), result.problems, sheets)
    if wants_json:
        click.echo(json.dumps(asdict(result), ensure_ascii=False))
    else:
        print_problems(result)
        for title, merged in result.merged.items():
            click.echo(
                f"{title}：新增 {merged.new:,}，变更 {merged.changed:,}，不变 {merged.unchanged:,}"
            )
        click.secho(_verdict(result), fg="green" if not result.errors else "red", bold=True)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


@command.command("panel")
@click.argument("live")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def panel_command(*, live: str, files: tuple[Path, ...], wants_json: bool) -> None:
    """导入评议团名单 · import who is invited to the panel of session LIVE from FILES.

    One row a person: name, category, unit, post, whether they hold a leading post
    (docs/formats/panel.md). The list takes the place of the former one, until somebody was checked
    in; with one error nothing is imported.

    Exit code 0: imported. 2: there are errors, the former list stays.
    """
    settings = read_settings(os.environ)
    database = _current_database(settings)
    # Loaded when called: the import of a roster must not wait for the whole application.
    room: Panel = importlib.import_module("evalsys.app").build_panel(settings, database)
    result = room.read_files(LiveId(live), files, actor=f"cli:{getpass.getuser()}")
    database.close()
    if wants_json:
        listed = [{"place": one.place, "seat": one.seat} for one in result.members]
        problems = [asdict(problem) for problem in result.problems]
        told = {"errors": result.errors, "problems": problems, "members": listed}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        print_problems(result)
        seated = sum(one.seat is not None for one in result.members)
        click.echo(f"名单 {len(result.members)} 人，已安排席位 {seated} 人，其余为候补。")
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


@command.command("taxonomy")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--elements", is_flag=True, help="要素目录，不是诉求分类 · the element catalogue.")
@click.option("--shipped", is_flag=True, help="随软件提供的示例 · the example that comes along.")
@click.option("--name", default="", help="版本名称，默认文件名 · by default the file's name.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="启用日，默认今天 · first day in force, today by default.",
)
@click.option(
    "--dry-run", is_flag=True, help="只检查，不写入 · check everything and write nothing."
)
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def taxonomy_command(  # noqa: PLR0913 - click hands over one argument an option
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
    database = _current_database(settings)
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
        click.secho(_taxonomy_verdict(found, catalogue), fg="red" if found.errors else "green")
    if found.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


def _taxonomy_verdict(found: TaxonomyReport, catalogue: Catalogue) -> str:
    if found.errors:
        return f"没有导入：有 {found.errors:,} 个错误。请改正后重新导入。"
    levels = "、".join(
        f"{count} {level}"
        for level, count in zip(LEVEL_NAMES[catalogue], found.counts, strict=True)
    )
    if found.is_known:
        done = "与适用中的版本完全相同，没有新增版本"
    else:
        done = "导入完成" if found.version else "试导入通过，没有写入"
    return f"{done}：{levels}，版本 {found.sha256}"


def _current_database(settings: Settings) -> Database:
    database = Database(settings.database_url)
    if not schema_version.is_current(database):
        raise RuleViolation("数据库还没有建立或不是最新版本。", remedy="请先运行 evalsys migrate。")
    return database


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Spare a tenth of the time: millions of short-lived rows, and no cycles among them."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _print(result: ImportReport) -> None:
    print_problems(result)
    for kind, merged in result.merged.items():
        closed = f"，结束 {merged.closed:,}" if merged.closed else ""
        click.echo(
            f"{SHEETS[kind].title}：新增 {merged.new:,}，变更 {merged.changed:,}，"
            f"不变 {merged.unchanged:,}{closed}"
        )
    if result.coverage is not None:
        _print_coverage(result.coverage)
    click.secho(_verdict(result), fg="green" if not result.errors else "red", bold=True)


def _print_coverage(coverage: Coverage) -> None:
    load = coverage.load
    mean = f"{load.mean_hundredths // 100}.{load.mean_hundredths % 100:02d}"
    grids = "、".join(f"{name} {count:,}" for name, count in coverage.grids)
    click.echo(f"网格：{grids}")
    click.echo(
        f"覆盖：干部 {coverage.cadres:,} 名，联系户 {coverage.households:,} 户；"
        f"每名干部最少 {load.least}、平均 {mean}、最多 {load.most} 户，"
        f"偏少 {load.below:,} 名，偏多 {load.above:,} 名"
    )
    for gap, title in GAP_TITLES.items():
        if coverage.gaps[gap]:
            click.echo(f"  {title}：{coverage.gaps[gap]:,}")
    click.echo(f"  会上无法拨打的户共 {coverage.undialable:,}")
    if coverage.is_complete:
        click.echo("  全覆盖、无遗漏：每户有且只有一名联系干部。")


def _verdict(result: ImportReport | ProgrammeReport | AssessmentReport) -> str:
    found = f"{result.errors:,} 个错误、{result.warnings:,} 个提醒"
    if result.errors:
        return f"没有导入：有 {found}。请改正错误后重新导入。"
    if not result.committed:
        return f"试导入通过（{found}），没有写入。"
    return f"导入完成（{found}）。"


def _as_json(result: ImportReport) -> dict[str, object]:
    return {
        "committed": result.committed,
        "errors": result.errors,
        "warnings": result.warnings,
        "rows": {kind.value: count for kind, count in result.rows.items()},
        "merged": {kind.value: asdict(merged) for kind, merged in result.merged.items()},
        "coverage": None if result.coverage is None else asdict(result.coverage),
        "problems": [asdict(problem) for problem in result.problems],
    }
