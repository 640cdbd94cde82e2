"""`evalsys import roster`: the grid, its people, and who is linked to whom."""

import getpass
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

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
from evalsys.domain.roster_coverage import Coverage, Gap
from evalsys.domain.roster_sheets import SHEETS
from evalsys.say import said, say
from evalsys.services.roster_import import ImportReport, RosterImport
from evalsys.settings import read_settings
from evalsys.store.phone_box import PhoneBox

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


@click.command("roster")
@from_files
def command(
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
    database = current_database(settings)
    box = PhoneBox(settings.phone_key, settings.index_key)
    with no_collecting(), ProgressBar() as bar:
        result = RosterImport(database, box, utc_now, settings.zone).run(
            files, actor=f"cli:{getpass.getuser()}", dry_run=dry_run, progress=bar.show
        )
    database.close()
    keep_report(report, result, files, SHEETS.values())
    if wants_json:
        click.echo(json.dumps(_as_json(result), ensure_ascii=False))
    else:
        _print(result)
    if result.errors:
        raise click.exceptions.Exit(INPUT_WRONG)


def _print(result: ImportReport) -> None:
    print_problems(result)
    for kind, merged in result.merged.items():
        say_merged(SHEETS[kind].title, merged)
    if result.coverage is not None:
        _print_coverage(result.coverage)
    if result.left_alone:
        say(f"系统内已作决定、未按文件改动的：{result.left_alone:,} 处（理由见上）")
    say_verdict(result)


def _print_coverage(coverage: Coverage) -> None:
    load = coverage.load
    mean = f"{load.mean_hundredths // 100}.{load.mean_hundredths % 100:02d}"
    grids = "、".join(f"{said(name)} {count:,}" for name, count in coverage.grids)
    say(f"网格：{grids}")
    say(
        f"覆盖：干部 {coverage.cadres:,} 名，联系户 {coverage.households:,} 户；"
        f"每名干部最少 {load.least}、平均 {mean}、最多 {load.most} 户，"
        f"偏少 {load.below:,} 名，偏多 {load.above:,} 名"
    )
    for gap, title in GAP_TITLES.items():
        if coverage.gaps[gap]:
            click.echo("  " + said(f"{title}：{coverage.gaps[gap]:,}"))
    say(f"  会上无法拨打的户共 {coverage.undialable:,}")
    if coverage.is_complete:
        say("  全覆盖、无遗漏：每户有且只有一名联系干部。")


def _as_json(result: ImportReport) -> dict[str, object]:
    return {
        "committed": result.committed,
        "errors": result.errors,
        "warnings": result.warnings,
        "left_alone": result.left_alone,
        "rows": {kind.value: count for kind, count in result.rows.items()},
        "merged": {kind.value: asdict(merged) for kind, merged in result.merged.items()},
        "coverage": None if result.coverage is None else asdict(result.coverage),
        "problems": [asdict(problem) for problem in result.problems],
    }
