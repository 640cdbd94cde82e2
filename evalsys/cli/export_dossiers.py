"""`evalsys export dossiers`: the dossier of one cadre, of a few, or of the whole county."""

import json
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.app import build_personnel
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.paper_folder import PaperFolder
from evalsys.cli.progress import ProgressBar
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.ids import CadreNumber
from evalsys.say import say
from evalsys.services.dossiers import DossierOrder, Dossiers
from evalsys.settings import read_settings

ACTOR = "system:export"


@click.command("dossiers")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="文件夹（每人一个 PDF），或一个 .pdf 文件 · a folder, or one .pdf file",
)
@click.option("--cadre", "cadres", multiple=True, help="8 位编号，可多次 · number, may be repeated")
@click.option(
    "--as-of",
    type=Day(),
    help="基准日，默认今天 · day, today by default",
)
@click.option(
    "--year", type=int, help="考核年度，默认最近录入的 · year, the last entered by default"
)
@click.option("--organ", default="", help="红头上的机关名称 · the organ in the letterhead")
@click.option("--purpose", default="", help="用途，记入审计日志 · what for, kept on the audit log")
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")
def dossiers(  # noqa: PLR0913 - one argument an option
    *,
    out: Path,
    cadres: tuple[str, ...],
    as_of: datetime | None,
    year: int | None,
    organ: str,
    purpose: str,
    as_json: bool,
) -> None:
    """导出干部考核档案（PDF） · the dossiers of cadres as PDF.

    写文件夹时可随时按 Ctrl-C 停下；再次运行同一命令，已完成且内容未变的不再重做。

    Stop it at any time; the same command goes on from there.
    """
    order = DossierOrder(
        tuple(CadreNumber(number) for number in cadres),
        as_of.date() if as_of else None,
        year,
        organ,
        purpose,
    )
    settings = read_settings(os.environ)
    with opened_database(settings) as database, ProgressBar() as bar:
        taken = Dossiers(build_personnel(settings, database), order, by=ACTOR)
        if out.suffix.lower() == ".pdf":
            made = taken.count
            paper = taken.one_file()
            with whole_or_nothing(out) as part:
                part.write(paper)
        else:
            made = _folder(taken, out, bar)
    evaluation = taken.evaluation
    if as_json:
        told = {
            "out": str(out),
            "dossiers": taken.count,
            "made": made,
            "year": evaluation.year,
            "as_of": evaluation.as_of.isoformat(),
            "run": evaluation.run,
        }
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        say(
            f"已写出 {out}：{taken.count} 份档案，其中新做 {made} 份。考核年度 {evaluation.year}，"
            f"基准日 {evaluation.as_of.isoformat()}，评估批次 {evaluation.run}"
        )


def _folder(taken: Dossiers, out: Path, bar: ProgressBar) -> int:
    """Write each dossier to a file of its own; return how many had to be made."""
    folder = PaperFolder(out)
    made = 0
    numbers: list[str] = []
    for done, page in enumerate(taken.pages(), start=1):
        made += folder.put(page.number, page.mark, lambda page=page: taken.paper(page))  # type: ignore[misc]  # the default binds this page
        numbers.append(page.number)
        bar.show("档案", done, taken.count)
    folder.finish(numbers)
    return made
