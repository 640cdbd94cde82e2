"""`evalsys issues`: heap the texts of requests, learn from labels, take the issues out."""

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.errors import InvalidInput
from evalsys.learning.child import ChildLearner
from evalsys.say import say
from evalsys.services.issue_export import IssueList, export_issues
from evalsys.services.issue_room import IssueRoom, issue_room
from evalsys.services.personnel_export import ListFormat
from evalsys.settings import read_settings

_EPILOG = """
\b
退出码 · exit codes: 0 完成 · done, 1 规则不允许 · refused, 2 参数不可用 · unusable
"""
_JSON = click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON · report as JSON")


@click.group(epilog=_EPILOG)
def command() -> None:
    """共性问题 · common issues out of what households ask (docs/issues.md)."""


@contextmanager
def _room() -> Iterator[IssueRoom]:
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        yield issue_room(database, ChildLearner(), utc_now, settings.zone)


def _actor() -> str:
    return f"cli:{getpass.getuser()}"


@command.command("cluster", epilog=_EPILOG)
@_JSON
def cluster_command(*, as_json: bool) -> None:
    """归成小类 · heap similar requests into the work list.

    Labels that were given stay. The same texts give the same heaps.
    """
    with _room() as room:
        done = room.work.cluster(by=_actor())
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    say(
        f"{done.texts:,} 件诉求归成 {done.clusters} 个小类；"
        f"工作清单还有 {done.left} 个小类、{done.left_texts:,} 件，"
        "请到 /casework/issues/work 命名。"
    )


@command.command("learn", epilog=_EPILOG)
@_JSON
def learn_command(*, as_json: bool) -> None:
    """从标注学习 · learn from every label and propose for the rest.

    Sure proposals count to an issue; the others stay in the work list for a person.
    """
    with _room() as room:
        done = room.work.learn(by=_actor())
    if as_json:
        click.echo(json.dumps(asdict(done), ensure_ascii=False))
        return
    tested = (
        "标注太少，无法检验" if done.accuracy is None else f"留出检验正确率 {done.accuracy:.1%}"
    )
    say(
        f"从 {done.labels:,} 个标注学习 {done.issues} 个共性问题（{tested}）；"
        f"{done.proposed:,} 件中有把握 {done.sure:,} 件，其余留给人工。"
    )


@command.command("export", epilog=_EPILOG)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件（.xlsx 或 .csv）；已有的会被替换 · file to write, replaced if it exists",
)
@click.option(
    "--agenda",
    is_flag=True,
    help="写成承诺大会议程 · as the agenda of a pledge assembly",
)
@_JSON
def export_command(*, out: Path, agenda: bool, as_json: bool) -> None:
    """导出共性问题 · write the issues with counts, places, units, pledges and progress."""
    try:
        form = ListFormat(out.suffix.removeprefix(".").lower())
    except ValueError as error:
        raise InvalidInput(
            f"从文件名看不出格式：{out.name}。", remedy="请用 .xlsx 或 .csv。", place="--out"
        ) from error
    kind = IssueList.AGENDA if agenda else IssueList.ISSUES
    with _room() as room, whole_or_nothing(out) as part:
        count = export_issues(room.list, kind, form, part)
        day = room.list.today()
    if as_json:
        told = {"list": kind, "out": str(out), "rows": count, "as_of": day.isoformat()}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        say(f"已写出 {out}：{count} 个共性问题，截至 {day.isoformat()}。")
