"""`evalsys verify`: check a published draw without a database, a network or any trust in us."""

import json
import sys
from pathlib import Path
from stat import S_ISREG

import click

from evalsys.beacon.check import check_signature
from evalsys.domain.verify import (
    MANIFEST,
    ROSTER,
    SUMS,
    TRANSCRIPT,
    Bundle,
    Finding,
    Mark,
    Report,
    Step,
    verify_bundle,
)
from evalsys.ed25519 import is_signed
from evalsys.errors import InvalidInput

LARGEST_FILE_BYTES = 512 << 20
"""Far more than a roster of a million cadres; more is not read into memory."""

_COLOURS = {Mark.OK: "green", Mark.FAIL: "red", Mark.OPEN: "yellow"}
_FINDINGS = {
    Finding.GOOD: "结论：全部核对无误 · good",
    Finding.BAD: "结论：核对不通过，请保存这些文件并通知审计人员 · bad",
    Finding.INCOMPLETE: "结论：尚不完整，缺少文件或会议没有收场 · incomplete",
}


@click.command()
@click.argument("bundle", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--head", metavar="HEX", default="", help="现场公布的末行散列 · final hash shown on air"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print one JSON object")
def command(bundle: Path, head: str, *, as_json: bool) -> None:
    """核对一次公开抽取 · check a published draw.

    BUNDLE 是含有 manifest.json、roster.jsonl、transcript.jsonl 的文件夹。每项核对输出一行。

    BUNDLE is a folder with those three files. One line a step: ok, FAIL, or open (cannot be
    checked yet).

    退出码 · exit code: 0 全部无误 good，1 不通过 bad，2 不完整 incomplete.
    """
    report = _report_on(bundle, head)
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        _print(report)
    sys.exit(report.exit_code)


def _report_on(folder: Path, head: str) -> Report:
    try:
        bundle = Bundle(
            manifest=_read(folder / MANIFEST),
            roster=_read(folder / ROSTER),
            transcript=_read(folder / TRANSCRIPT),
            sums=_read(folder / SUMS),
        )
    except InvalidInput as error:
        return Report((Step("files", Mark.FAIL, str(error)),), "", "")
    return verify_bundle(
        bundle, head=head, check_signature=check_signature, check_witness=is_signed
    )


def _read(path: Path) -> bytes | None:
    """Read a file, None when there is none; a pipe, a folder or a giant is no bundle's file."""
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise InvalidInput("这不是文件", place=path.name)
        if found.st_size > LARGEST_FILE_BYTES:
            raise InvalidInput(f"文件超过 {LARGEST_FILE_BYTES >> 20} MB", place=path.name)
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidInput("这个文件无法读取", place=path.name) from error


def _print(report: Report) -> None:
    for step in report.steps:
        name = f"{step.name} {step.j}" if step.j else step.name
        click.echo(
            f"{click.style(f'{step.mark:<4}', _COLOURS[step.mark])}  {name:<14}{step.detail}"
        )
    click.echo(_FINDINGS[report.finding])


def _as_json(report: Report) -> dict[str, object]:
    return {
        "finding": report.finding,
        "manifest_sha256": report.manifest_sha256,
        "head": report.head,
        "steps": [
            {"name": step.name, "j": step.j, "mark": step.mark, "detail": step.detail}
            for step in report.steps
        ],
    }
