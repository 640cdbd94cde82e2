"""`evalsys witness`: follow a session from another machine and ring when its record is altered."""

import json
import re
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from evalsys.cli.witness_notes import Notes, Seen
from evalsys.cli.witness_server import Server
from evalsys.cli.witness_visit import ALARM_NAMES, Rung, compare, visit
from evalsys.clock import utc_now
from evalsys.domain.transcript import time_text
from evalsys.domain.tree_head import Alarm, SignedTreeHead, key_id_of
from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.ids import LiveId
from evalsys.say import said

ALARM_EXIT_CODE = 3
SILENT_AFTER_S = 180
"""Three heads are missing: time to say so."""
CLOCKS_DIFFER_S = 60
"""Beyond the seconds between two visits: more than networks and signing take."""

_BASE = re.compile(r"https?://[^/?#\s]+(/[^?#\s]+)?")
_KEY = re.compile("[0-9a-f]{64}")
_LIVE = re.compile("[0-9a-f]{32}")


@click.command()
@click.argument("url", required=False)
@click.option("--live", metavar="ID", default="", help="会议编号，32 位 · the session's number.")
@click.option(
    "--state",
    type=click.Path(file_okay=False, path_type=Path),
    help="本机存证文件夹，缺省 witness-会议编号 · folder that keeps what was seen.",
)
@click.option(
    "--key",
    metavar="HEX",
    default="",
    help="签名公钥，64 位；缺省以第一次看到的为准 · public key; pinned at first sight by default.",
)
@click.option(
    "--every",
    default=10,
    show_default=True,
    type=click.IntRange(1, 3600),
    help="每隔几秒查看一次 · seconds between two visits.",
)
@click.option("--once", is_flag=True, help="只查看一次 · visit once and end.")
@click.option(
    "--json", "as_json", is_flag=True, help="每行一个 JSON 对象 · one JSON object a line."
)
@click.option(
    "--compare",
    "folders",
    nargs=2,
    metavar="A B",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="比较两位见证人的存证文件夹，不联网 · compare the folders of two witnesses, offline.",
)
def command(  # noqa: PLR0913 - one argument an option
    url: str | None,
    *,
    live: str,
    state: Path | None,
    key: str,
    every: int,
    once: bool,
    as_json: bool,
    folders: tuple[Path, Path] | None,
) -> None:
    """见证一场会议 · follow a session and ring when its record is altered.

    URL 是会议公开页的地址（…/live/编号），或网站地址加 --live。请在自己的电脑上运行，不要在
    被见证的服务器上运行。每个新树头一行：时间、行数、树根前 8 位，可与大屏、公开页对照。

    URL is the session's public page (…/live/ID), or the site's address with --live. Run it on
    a machine of your own. It pins the signing key at first sight (compare its first eight digits
    with those on the public page), checks each signed tree head, its consistency proof and the
    transcript under it against what it keeps in its own folder, and ends when the session is
    sealed. It may be stopped and started again; a lost network is a warning, not an alarm.

    退出码 · exit code: 0 无异常 all is well · 1 连不上 unreachable (--once) · 2 用法不对 usage ·
    3 警报 ALARM: keep the folder, tell the auditor and the other witnesses.
    """
    say = _Say(as_json=as_json)
    if folders:
        _compare(say, *map(_notes_of, folders))
        return
    base, session = _address(url, live)
    if key and not _KEY.fullmatch(key):
        raise click.BadParameter("应为 64 位小写十六进制 · 64 hex digits", param_hint="--key")
    notes = Notes(state or Path(f"witness-{session}"))
    witness = _Witness(say, Server(base, session), session, notes, bytes.fromhex(key) or None)
    if once:
        witness.look()
        return
    witness.follow(every)


class _Say:
    """Prints what happens, for people or for programs."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json

    def __call__(self, event: str, words: str, colour: str = "", **fields: object) -> None:
        if self._as_json:
            click.echo(json.dumps({"event": event, **fields}, ensure_ascii=False))
        else:
            click.echo(click.style(words, fg=colour or None))
        sys.stdout.flush()

    def head(self, signed: SignedTreeHead) -> None:
        head = signed.head
        line = f"{time_text(head.at)}  {head.size:>6} 行 · lines  {head.root[:8]}  ok"
        self("head", line, "green", **signed.to_json())

    def alarm(self, alarm: Alarm, more: str = "", evidence: Path | None = None) -> None:
        words = [f"\a!!! 警报 · ALARM: {alarm} · {ALARM_NAMES[alarm]}", *([more] if more else [])]
        if evidence:
            words.append(f"证据 · evidence: {evidence}")
        words.append("请保存证据，通知审计人员和其他见证人 · keep it, tell auditor and witnesses")
        where = str(evidence) if evidence else ""
        self("alarm", "\n".join(words), "red", alarm=alarm, what=more, evidence=where)


class _Witness:
    """Follows one session."""

    def __init__(
        self, say: _Say, server: Server, live: LiveId, notes: Notes, key: bytes | None
    ) -> None:
        self._say = say
        self._server = server
        self._live = live
        self._notes = notes
        self._key = key
        self._looked_at: datetime | None = None
        self._clock_is_off = False
        self._kept_back = 0
        self._seen = notes.read()
        if self._seen is None:
            return
        if self._seen.live != live or (key and key != self._seen.key):
            raise InvalidInput(
                "这个存证文件夹属于另一场会议或另一把公钥。",
                remedy="请用 --state 指定另一个文件夹。",
                place=str(notes.folder),
            )

    def look(self) -> tuple[int, bool]:
        """Visit once; return how many heads were new, and whether it was the last visit.

        Ends the program with the alarm's exit code when something is wrong.
        """
        try:
            found = visit(self._server, self._live, self._seen, self._key)
        except Rung as rung:
            words = f"{rung.alarm}: {ALARM_NAMES[rung.alarm]}\n{rung.words}\n".encode()
            files = {**rung.files, "alarm.txt": words}
            evidence = self._notes.keep_evidence(rung.alarm, utc_now(), files)
            self._say.alarm(rung.alarm, rung.words, evidence)
            sys.exit(ALARM_EXIT_CODE)
        if self._seen is None:
            self._pin(found.seen)
            if not found.fresh:
                self._say("waiting", "还没有树头：尚未开始抽取 · no head yet")
        if found.seen != self._seen:
            self._notes.keep(found.seen)
        self._seen = found.seen
        for signed in found.fresh:
            self._say.head(signed)
        self._note_kept_back(found.kept_back)
        self._compare_clocks(found.fresh)
        return len(found.fresh), found.sealed

    def follow(self, every: int) -> None:
        """Visit every so many seconds until the session is sealed."""
        news_at = warned_at = time.monotonic()
        reachable = True
        while True:
            try:
                fresh, sealed = self.look()
            except OutsideFailure as error:
                fresh, sealed = 0, False
                if reachable:
                    self._say(
                        "unreachable",
                        f"{said(str(error))} 继续重试 · trying again",
                        what=error.what,
                    )
                reachable = False
            else:
                reachable = True
            if sealed:
                words = "会议已封存，见证结束，全部无误 · sealed, all is well"
                self._say("sealed", words, "green")
                return
            now = time.monotonic()
            if fresh:
                news_at = warned_at = now
            if now - warned_at >= SILENT_AFTER_S:
                warned_at = now
                silent = int(now - news_at)
                words = f"注意 · warning: {ALARM_NAMES[Alarm.SILENT]} ({silent} s)"
                self._say("warning", words, "yellow", alarm=Alarm.SILENT, seconds=silent)
            time.sleep(every)

    def _note_kept_back(self, lines: int) -> None:
        """Say how many lines under the heads are not shown: the heads bind them all the same."""
        if lines and lines != self._kept_back:
            words = (
                f"注意 · warning: 最后 {lines} 行封存前不公布（播出前撤除），树头照样盖住它们 · "
                f"the last {lines} lines are kept back until the seal; the heads cover them"
            )
            self._say("warning", words, "yellow", kept_back=lines)
        self._kept_back = lines

    def _compare_clocks(self, fresh: Sequence[SignedTreeHead]) -> None:
        """Warn of a server that dates its heads otherwise than this machine's clock, once a change.

        A head that came late is no sign of a slow clock: only one that was looked for just before.
        """
        now, looked_at, self._looked_at = utc_now(), self._looked_at, utc_now()
        if not fresh:
            return
        allowed = timedelta(seconds=CLOCKS_DIFFER_S)
        at = fresh[-1].head.at
        is_late = looked_at is not None and at < looked_at - allowed
        was_off, self._clock_is_off = self._clock_is_off, is_late or at > now + allowed
        if self._clock_is_off and not was_off:
            seconds = round((at - now).total_seconds())
            words = f"注意 · warning: {ALARM_NAMES[Alarm.CLOCK]} ({seconds:+} s)"
            self._say("warning", words, "yellow", alarm=Alarm.CLOCK, seconds=seconds)

    def _pin(self, seen: Seen) -> None:
        shown = key_id_of(seen.key)[:8]
        words = (
            f"签名公钥 · key {seen.key.hex()}\n请核对指纹前 8 位 · compare these digits: {shown}"
        )
        self._say("key", words, key=seen.key.hex(), key_id=key_id_of(seen.key))


def _compare(say: _Say, one: Seen, other: Seen) -> None:
    if one.live != other.live:
        raise InvalidInput("两个文件夹见证的不是同一场会议。", remedy="请换一个文件夹。")
    finding = compare(one, other)
    if finding is not None:
        say.alarm(finding.alarm)
        sys.exit(ALARM_EXIT_CODE)
    words = "两位见证人看到的是同一份记录 · both witnesses saw the same record"
    say("same", words, "green")


def _notes_of(folder: Path) -> Seen:
    seen = Notes(folder).read()
    if seen is None:
        raise InvalidInput("这里没有存证。", remedy="请给出见证程序的文件夹。", place=str(folder))
    return seen


def _address(url: str | None, live: str) -> tuple[str, LiveId]:
    base, _, shown = (url or "").rstrip("/").partition("/live/")
    if not _BASE.fullmatch(base):
        raise click.UsageError("请给出会议公开页的地址 · give the address of the public page")
    session = live or shown
    if not _LIVE.fullmatch(session) or (shown and shown != session):
        raise click.UsageError("请用 --live 给出 32 位会议编号 · give the session's number")
    return base, LiveId(session)
