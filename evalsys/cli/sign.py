"""`evalsys sign`: the county's own authority, signing papers, checking signatures."""

import os
from pathlib import Path

import click

from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.errors import InvalidInput
from evalsys.exports.signature import check_paper, new_authority, sign_paper
from evalsys.say import say

SETTING = "EVALSYS_SIGNING_KEY_FILE"
_OTHERS = 0o077
_LIMIT = 500 * 2**20


@click.group()
def command() -> None:
    """为 PDF 签章、验章 · sign papers and check signatures.

    证书机构是本县自己的，谁都可以凭其证书离线验章。

    The authority is the county's own; its certificate lets anybody check offline.
    """


@command.command("new-authority")
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="写到哪个新文件夹 · new folder to write into",
)
@click.option("--county", required=True, help="县名 · the county")
@click.option("--organ", required=True, help="签章的机关 · the organ that signs")
def authority(out: Path, county: str, organ: str) -> None:
    """生成本县的证书机构和签章身份 · make the county's authority and a signing identity.

    authority.pem 交给验章的人；identity.pem 由签章的程序读取；authority-key.pem 另行妥善保管。
    """
    made = new_authority(county, organ, utc_now())
    try:
        out.mkdir(mode=0o700, parents=True)
        for name, content, mode in (
            ("authority.pem", made.certificate, 0o644),
            ("authority-key.pem", made.key, 0o600),
            ("identity.pem", made.identity, 0o600),
        ):
            with os.fdopen(
                os.open(out / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb"
            ) as f:
                f.write(content)
    except OSError as error:
        raise InvalidInput(
            f"不能写入 {out}：{error.strerror}。",
            remedy="请写到一个还没有的文件夹，已有的钥匙不会被替换。",
            place="--out",
        ) from error
    say(f"已写出 {out}。请把 {SETTING} 设为 {out / 'identity.pem'}。")


@command.command("pdf")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--reason", default="", help="签章事由，写入签章 · stands in the signature")
def pdf(files: tuple[Path, ...], reason: str) -> None:
    """为 PDF 签章，原文件被签过的替换 · sign PDF files in place."""
    identity = _identity()
    for file in files:
        signed = sign_paper(_content(file), identity, reason=reason)
        with whole_or_nothing(file) as part:
            part.write(signed)
        say(f"已签章 {file}。")


@command.command("check")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--authority",
    "authority_file",
    required=True,
    type=click.Path(path_type=Path),
    help="证书机构的证书 authority.pem · the authority's certificate",
)
def check(files: tuple[Path, ...], authority_file: Path) -> None:
    """离线验章；有一份不成立即退出码 1 · check offline, exit 1 when one does not hold."""
    certificate = _content(authority_file)
    failed = False
    for file in files:
        found = check_paper(_content(file), certificate)
        failed = failed or bool(found.faults)
        if found.faults:
            say(f"{file}：不成立，{'；'.join(found.faults)}")
        else:
            at = found.signed_at.isoformat() if found.signed_at else ""
            say(f"{file}：成立，{found.signer} {at}")
    if failed:
        raise SystemExit(1)


def _identity() -> bytes:
    named = os.environ.get(SETTING, "")
    if not named:
        raise InvalidInput(
            f"没有设置 {SETTING}。",
            remedy="请用 evalsys sign new-authority 生成，再设为其中的 identity.pem。",
        )
    path = Path(named)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise InvalidInput(
            f"读不到 {SETTING} 指的文件：{error.strerror}。", remedy="请核对路径。", place=named
        ) from error
    if mode & _OTHERS:
        raise InvalidInput(
            "签章的钥匙别人也能读。", remedy=f"请运行 chmod 600 {path}。", place=named
        )
    return _content(path)


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as opened:
            return opened.read(_LIMIT)
    except OSError as error:
        raise InvalidInput(
            f"读不到文件：{error.strerror}。", remedy="请核对路径。", place=str(path)
        ) from error
