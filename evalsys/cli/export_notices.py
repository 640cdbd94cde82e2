"""`evalsys export notices`: the notices that follow from the advice, as PDF or Word."""

import json
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.app import build_personnel
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.progress import ProgressBar
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.domain.notices import EFFECTS, NoticeKind
from evalsys.errors import InvalidInput
from evalsys.exports.notices import wordings
from evalsys.exports.word import LIMIT
from evalsys.ids import CadreNumber
from evalsys.say import say
from evalsys.services.notices import NoticeOrder, Notices, PaperForm, WordTemplate
from evalsys.settings import read_settings

ACTOR = "system:export"


@click.command("notices")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个文件夹，每份一个文件 · folder to write into, one file each",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in EFFECTS]),
    help="通知种类，默认全部 · kinds, all by default",
)
@click.option("--cadre", "cadres", multiple=True, help="8 位编号，可多次 · number, may be repeated")
@click.option(
    "--format",
    "form",
    type=click.Choice([form.value for form in PaperForm]),
    default=PaperForm.PDF.value,
    show_default=True,
    help="PDF 或 Word · PDF or Word",
)
@click.option(
    "--word-template",
    type=click.Path(path_type=Path),
    help="本单位的 Word 模板（.docx），须配 --format docx · the department's own Word template",
)
@click.option("--as-of", type=Day(), help="基准日，默认今天 · day, today by default")
@click.option(
    "--year", type=int, help="考核年度，默认最近录入的 · year, by default the last entered"
)
@click.option("--organ", default="", help="发文机关 · the organ that issues them")
@click.option("--purpose", default="", help="用途，记入审计日志 · what for, kept on the audit log")
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")
def notices(  # noqa: PLR0913 - one argument an option
    *,
    out: Path,
    kinds: tuple[str, ...],
    cadres: tuple[str, ...],
    form: str,
    word_template: Path | None,
    as_of: datetime | None,
    year: int | None,
    organ: str,
    purpose: str,
    as_json: bool,
) -> None:
    """拟出由结论产生的通知 · draft the notices that follow from the advice.

    诫勉谈话、免除试用期职务、程序中止、整改、表彰。模板可用的字段见 docs/papers.md。

    Admonishing talk, end of probation, suspension, rectification, commendation.
    """
    order = NoticeOrder(
        tuple(NoticeKind(kind) for kind in kinds),
        tuple(CadreNumber(number) for number in cadres),
        as_of.date() if as_of else None,
        year,
        organ,
        purpose,
        _template(word_template, form),
    )
    settings = read_settings(os.environ)
    with opened_database(settings) as database, ProgressBar() as bar:
        due = Notices(build_personnel(settings, database), order, by=ACTOR)
        _written(due, out, PaperForm(form), bar)
    told = {kind.value: count for kind, count in due.counts.items()}
    if as_json:
        click.echo(json.dumps({"out": str(out), "run": due.evaluation.run, "notices": told}))
    else:
        names = wordings()
        shown = "，".join(f"{names[kind].title} {count}" for kind, count in due.counts.items())
        say(f"已写出 {out}：{shown}。评估批次 {due.evaluation.run}")


def _written(due: Notices, out: Path, form: PaperForm, bar: ProgressBar) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"不能写入 {out}：{error.strerror}。", remedy="请换一个可写的文件夹。", place="--out"
        ) from error
    for done, notice in enumerate(due.due, start=1):
        paper = due.paper(notice, form)
        with whole_or_nothing(out / f"{notice.kind}-{notice.cadre.number}.{form}") as part:
            part.write(paper)
        bar.show("通知", done, len(due.due))


def _template(path: Path | None, form: str) -> WordTemplate | None:
    if path is None:
        return None
    if form != PaperForm.WORD:
        raise InvalidInput(
            "Word 模板只用于 Word 通知。", remedy="请加 --format docx。", place="--word-template"
        )
    try:
        with path.open("rb") as opened:
            return WordTemplate(opened.read(LIMIT + 1), path.name)
    except OSError as error:
        raise InvalidInput(
            f"读不到模板：{error.strerror}。", remedy="请核对路径。", place="--word-template"
        ) from error
