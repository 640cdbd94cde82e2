"""What the imports have in common: files and how to tell what is in them, the database, the end."""

from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Final, Protocol

import click

from evalsys.cli.import_problems import Checked
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.domain.roster_sheets import Sheet
from evalsys.errors import RuleViolation
from evalsys.exports.roster_report import write_report
from evalsys.say import say
from evalsys.services.roster_report import problem_rows
from evalsys.settings import Settings
from evalsys.store import schema_version
from evalsys.store.database import Database
from evalsys.store.roster_merge import Merged

INPUT_WRONG: Final = 2


class Committed(Checked, Protocol):
    """The report of an import that is all or nothing."""

    @property
    def committed(self) -> bool:
        """Whether anything was written."""
        ...


def from_files(command: Callable[..., None]) -> Callable[..., None]:
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


def current_database(settings: Settings) -> Database:
    """Open the database of an installation that is up to date.

    Raises:
        RuleViolation: it has the schema of another version.
    """
    database = Database(settings.database_url)
    if not schema_version.is_current(database):
        raise RuleViolation("数据库还没有建立或不是最新版本。", remedy="请先运行 evalsys migrate。")
    return database


def verdict(result: Committed) -> str:
    """Say in one line whether anything was imported."""
    found = f"{result.errors:,} 个错误、{result.warnings:,} 个提醒"
    if result.errors:
        return f"没有导入：有 {found}。请改正错误后重新导入。"
    if not result.committed:
        return f"试导入通过（{found}），没有写入。"
    return f"导入完成（{found}）。"


def keep_report(
    report: Path | None, result: Committed, files: Sequence[Path], sheets: Collection[Sheet]
) -> None:
    """Write the workbook that `--report` asked for: the problems, then the rows they are in."""
    if report is None:
        return
    rows = tuple(problem_rows(files, result.problems, sheets))
    with whole_or_nothing(report, "--report") as out:
        write_report(out, verdict(result), result.problems, rows)


def say_merged(title: str, merged: Merged) -> None:
    """Say in one line what became of a table."""
    told = f"{title}：新增 {merged.new:,}，变更 {merged.changed:,}，不变 {merged.unchanged:,}"
    if merged.closed:
        say(f"{told}，结束 {merged.closed:,}")
    else:
        say(told)


def say_verdict(result: Committed) -> None:
    """Say in one line, and by its colour, whether anything was imported."""
    say(verdict(result), fg="red" if result.errors else "green", bold=True)
