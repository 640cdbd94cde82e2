"""`evalsys verify`: check a published draw without a database, a network or any trust in us."""

import json
import re
import sys
from dataclasses import replace
from io import TextIOWrapper
from pathlib import Path
from stat import S_ISREG
from zipfile import is_zipfile

import click

from evalsys.beacon.check import check_signature
from evalsys.cli.witness_notes import Notes
from evalsys.domain.transcript import time_text
from evalsys.domain.tree_head import alarm_of_lines, lines_of
from evalsys.domain.verify import MANIFEST, ROSTER, SUMS, TRANSCRIPT, Bundle, verify_bundle
from evalsys.domain.verify_agenda import AGENDA, ORDER
from evalsys.domain.verify_steps import Finding, Mark, Report, Step
from evalsys.ed25519 import is_signed
from evalsys.errors import InvalidInput
from evalsys.say import said

LARGEST_FILE_BYTES = 512 << 20
"""Far more than a roster of a million cadres; more is not read into memory."""

_HEAD = re.compile("[0-9a-f]{8,64}", re.ASCII)
_COLOURS = {Mark.OK: "green", Mark.FAIL: "red", Mark.OPEN: "yellow"}
_FINDINGS = {
    Finding.GOOD: "结论：全部核对无误 · good",
    Finding.BAD: "结论：核对不通过，请保存这些文件并通知审计人员 · bad",
    Finding.INCOMPLETE: "结论：尚不完整，缺少文件或会议没有收场 · incomplete",
}


def _head(_context: click.Context, _option: click.Parameter, given: str) -> str:
    """Read what was copied from a screen: spaces and capitals do not matter."""
    head = "".join(given.split()).lower()
    if head and not _HEAD.fullmatch(head):
        raise click.BadParameter("应为 8 至 64 位十六进制 · 8 to 64 hex digits")
    return head


def _folder(_context: click.Context, _argument: click.Parameter, given: Path) -> Path:
    if given.is_dir():
        return given
    if is_zipfile(given):
        raise click.BadParameter(
            f"{given} 是压缩包，请先解压，再给出文件夹 · unpack it first, then name the folder"
        )
    raise click.BadParameter(
        f"{given} 不是文件夹，请给出含有 manifest.json 的文件夹 · not a folder with manifest.json"
    )


@click.command()
@click.argument("bundle", type=click.Path(path_type=Path), callback=_folder)
@click.option(
    "--head",
    metavar="HEX",
    default="",
    callback=_head,
    help="现场公布的末行散列，或其开头至少 8 位 · final hash shown on air, or its first 8 digits.",
)
@click.option(
    "--witness",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="evalsys witness 的存证文件夹 · a witness's folder, whose signed heads must fit.",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print one JSON object")
def command(bundle: Path, head: str, witness: Path | None, *, as_json: bool) -> None:
    """核对一次公开抽取 · check a published draw.

    BUNDLE 是含有 manifest.json、roster.jsonl、transcript.jsonl 的文件夹；承诺大会的是
    agenda.json 和 order.json。每项核对输出一行。

    BUNDLE is a folder with those files. One line a step: ok, FAIL, or open (cannot be
    checked yet).

    退出码 · exit code: 0 全部无误 good，1 不通过 bad，2 不完整 incomplete.
    """
    report = _report_on(bundle, head, witness)
    # A terminal that cannot show Chinese gets escapes, not an error.
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if as_json:
        click.echo(json.dumps(_as_json(report), ensure_ascii=False, indent=2))
    else:
        _print(report)
    sys.exit(report.exit_code)


def _report_on(folder: Path, head: str, witness: Path | None) -> Report:
    try:
        bundle = Bundle(
            manifest=_read(folder / MANIFEST),
            roster=_read(folder / ROSTER),
            transcript=_read(folder / TRANSCRIPT),
            sums=_read(folder / SUMS),
            agenda=_read(folder / AGENDA),
            order=_read(folder / ORDER),
        )
    except InvalidInput as error:
        return Report((Step("files", Mark.FAIL, str(error)),), "", "")
    report = verify_bundle(
        bundle, head=head, check_signature=check_signature, check_witness=is_signed
    )
    if witness is None:
        return report
    return replace(report, steps=(*report.steps, _heads(witness, bundle.transcript)))


def _heads(folder: Path, transcript: bytes | None) -> Step:
    """Say whether the transcript continues what a witness kept signed heads of."""
    try:
        seen = Notes(folder).read()
        if seen is None or transcript is None:
            return Step("heads", Mark.OPEN, "没有见证存证，或没有实录")
        lines, shown = lines_of(transcript), lines_of(seen.transcript)
        kept_back = 0
        for one in seen.heads:
            at = time_text(one.head.at)
            if not is_signed(seen.key.hex(), one.head.to_sign(), one.signature):
                return Step("heads", Mark.FAIL, f"{at} 的树头不是所存的公钥签名的")
            if one.head.size > len(lines) and lines == shown:
                # Nor was the witness shown more: it is kept back until the seal.
                kept_back = max(kept_back, one.head.size - len(lines))
            elif alarm := alarm_of_lines(one.head, lines):
                return Step("heads", Mark.FAIL, f"实录与见证人 {at} 所存的树头不符：{alarm}")
    except (InvalidInput, OSError) as error:
        return Step("heads", Mark.FAIL, str(error))
    if kept_back:
        words = f"与见证人所存的树头一致；树头另盖住 {kept_back} 行，封存前不公布，封存后请再核验"
        return Step("heads", Mark.OPEN, words)
    return Step("heads", Mark.OK, f"与见证人所存的 {len(seen.heads)} 个树头一致")


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
            f"{click.style(f'{step.mark:<4}', _COLOURS[step.mark])}  {name:<14}{said(step.detail)}"
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
