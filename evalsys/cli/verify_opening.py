"""`evalsys verify-opening`: check the auditor's openings against a bundle, without a database."""

import sys
from pathlib import Path

import click

from evalsys.domain.draw_roster import parse_roster
from evalsys.domain.manifest import parse_manifest
from evalsys.domain.openings import Place, parse_openings, wrong_openings
from evalsys.domain.transcript import parse_transcript
from evalsys.domain.verify import MANIFEST, ROSTER, TRANSCRIPT
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber
from evalsys.say import said

_SHOWN = 20


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
def command(file: Path, bundle: Path) -> None:
    """核对审计启封 · check that the numbers dialled are those that were frozen.

    FILE 是 openings.jsonl，BUNDLE 是核验包的文件夹。会上启封过的每一户都要有证明，且一个字节不差。
    不显示任何号码。先用 evalsys verify 核对核验包本身。

    FILE is openings.jsonl, BUNDLE the folder of the bundle: every position that was opened needs
    its proof. No number is shown. Check the bundle itself with `evalsys verify` first.

    退出码 · exit code: 0 全部相符 good，1 不符 bad，2 文件不可用 unusable.
    """
    openings = parse_openings(_read(file))
    manifest = parse_manifest(_read(bundle / MANIFEST))
    roster = parse_roster(_read(bundle / ROSTER))
    transcript = parse_transcript(_read(bundle / TRANSCRIPT), manifest.prev_head)
    problems = wrong_openings(
        openings,
        roster,
        (
            Place(CadreNumber(entry.body["cadre"]), entry.body["k"])
            for entry in transcript.entries
            if entry.type == "hh_open"
        ),
    )
    if roster.sha256 != manifest.roster_sha256:
        problems = ("名册不是抽签清单所指的那一份", *problems)
    for problem in problems[:_SHOWN]:
        click.echo(f"{click.style('FAIL', 'red')}  {said(problem)}")
    if problems:
        click.echo(f"结论：{len(problems)} 处不符，请保存文件并停止使用 · bad")
        sys.exit(1)
    click.echo(f"{click.style('ok', 'green')}    {len(openings)} 户的号码都是冻结时的号码 · good")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput("这个文件无法读取", place=path.name) from error
