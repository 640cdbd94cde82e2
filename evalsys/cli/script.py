"""`evalsys script`: read, check and rehearse an interview without a telephone."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import click

from evalsys.cli import script_prompts
from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.script_file import read_raw, read_script
from evalsys.clock import utc_now
from evalsys.domain.campaign.contact import contact_of
from evalsys.domain.campaign.outcome import outcome
from evalsys.domain.campaign.policy import Tried
from evalsys.domain.interview import (
    Ask,
    Commented,
    DialectChosen,
    Event,
    Fact,
    Farewell,
    Identified,
    PinTyped,
    Pressed,
    Question,
    Replied,
    Scored,
    Script,
    Silence,
    Spoken,
    Step,
    Topic,
    Unsaid,
    Voted,
    first_step,
    next_step,
)
from evalsys.domain.interview_arrangement import Arrangement, arrange, arranged, as_written
from evalsys.domain.interview_prompts import check_dialect
from evalsys.domain.interview_script import Brief, words
from evalsys.domain.live.words import CallStatus
from evalsys.say import say
from evalsys.services.interview_scripts import InterviewScripts
from evalsys.settings import read_settings
from evalsys.telephony.scripts import interview_scripts

_SILENCES = {"", "-"}
_SECONDS_SPOKEN = 5

_EPILOG = """
\b
每问一行：按键；空行或 - 为不出声；评语一问可写任意文字；输入结束即挂断。
One line a question: keys; empty or - for silence; any words for the comment; the end hangs up.
退出码 · exit codes: 0 演练结束 · rehearsed, 2 脚本或参数不可用 · unusable script or option
"""


@click.group()
def command() -> None:
    """访谈脚本 · interview scripts: list, read, rehearse."""


command.add_command(script_prompts.prompts_)
command.add_command(script_prompts.record)


@command.command("list")
def list_() -> None:
    """列出随软件发布的脚本 · list the scripts of this installation with their identity."""
    for script in interview_scripts():
        click.echo(f"{script.name}-{script.version}  {script.sha256}")


@command.command("kept")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON list")
def kept_(*, as_json: bool) -> None:
    """列出用过的和本县加入的脚本 · list what was used or added, kept for ever."""
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        kept = InterviewScripts(database, interview_scripts(), utc_now).kept()
    told = [
        {
            "script": f"{each.script.name}-{each.script.version}",
            "sha256": each.script.sha256,
            "at": each.at.isoformat(),
            "by": each.by,
        }
        for each in kept
    ]
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in told:
        click.echo("  ".join(line.values()))
    if not told:
        click.echo("还没有用过或加入的脚本 · nothing was used or added yet")


@command.command()
@click.argument("script", type=click.Path(path_type=Path, dir_okay=False))
def add(script: Path) -> None:
    """加入本县自己写的脚本 · add a script of the county's own; it can never be changed.

    下一次计划同名的活动、之后开场的直播会议就用它。先用 evalsys script simulate 演练。
    """
    raw = read_raw(script)
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        scripts = InterviewScripts(database, interview_scripts(), utc_now)
        added = scripts.add(raw, script.name, actor="system:script")
    say(f"已加入 {added.name}-{added.version}  {added.sha256}")
    for code, voice in added.dialects.items():
        in_mandarin, silent = script_prompts.unrecorded(added, code, settings.prompts)
        if in_mandarin or silent:
            say(
                f"提醒：{voice.name or code} 有 {len(in_mandarin)} 句没有写，用普通话说；"
                f"{len(silent)} 句没有录音，由合成语音说。"
                f"全表见 evalsys script prompts {script} --dialect {code}"
            )


@command.command()
@click.argument("script")
@click.option("--dialect", default="", help="方言代码 · code of a dialect")
def show(script: str, dialect: str) -> None:
    """把脚本写成一页文字 · print a script as a page of text."""
    read = read_script(script)
    check_dialect(read, dialect)
    click.echo(f"{read.name}-{read.version}  {read.sha256}\n")
    for each in filter(lambda way: way.offer, (read.own_words, *read.dialects.values())):
        name = f"{each.name} {each.language}".strip()
        click.echo(f"[{name}] {each.key}: {each.offer.strip()}")
    for question in read.questions:
        for title, wording in (("", question), ("另一种问法 · turned: ", question.turned)):
            if wording is None:
                continue
            click.secho(f"[{question.topic}] {title}".rstrip(), bold=True)
            for line in _heard(wording, dialect):
                click.echo(f"  {line}")
            click.echo("  " + "  ".join(f"{key}={reply}" for key, reply in wording.keys.items()))
    for ending, text in arranged(read, as_written(read), dialect).farewells.items():
        click.echo(f"({ending}) {text}")


@command.command(epilog=_EPILOG)
@click.argument("script")
@click.option("--keys", help='按键依次写出，如 "1 123456 1 2 4 -" · keys, one word a question')
@click.option("--pin", default="123456", show_default=True, help="这一户的密码 · the right PIN")
@click.option("--cadre", default="县水利局局长张三", help="被评干部 · post and name, as spoken")
@click.option("--surname", default="王", help="户主姓氏 · surname of the household's head")
@click.option(
    "--visit",
    "visits",
    multiple=True,
    type=Day(),
    help="登记的走访 · a visit",
)
@click.option("--request", "requests", multiple=True, help="登记已解决的诉求 · a request, solved")
@click.option("--pledge", default="", help="公开承诺 · what was promised in public")
@click.option("--seed", help="问题次序和正反的种子，缺省按原样 · seed of order and polarity")
@click.option("--dialect", default="", help="从哪种方言说起 · code of the dialect at the start")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON object")
def simulate(  # noqa: PLR0913 - one argument an option
    *,
    script: str,
    keys: str | None,
    pin: str,
    cadre: str,
    surname: str,
    visits: tuple[date, ...],
    requests: tuple[str, ...],
    pledge: str,
    seed: str | None,
    dialect: str,
    as_json: bool,
) -> None:
    """逐句演练一次访谈 · rehearse an interview line by line, without a telephone.

    SCRIPT 是脚本文件，或随软件发布的脚本名（annual、annual-1）。问一句，读一行；
    --keys 或管道里的行代替手工输入。

    SCRIPT is a file, or the name of a script that comes with the software.
    """
    read = read_script(script)
    check_dialect(read, dialect)
    order = arrange(read, seed) if seed is not None else as_written(read)
    brief = Brief(
        cadre,
        surname,
        tuple(map(_day, visits)),
        requests,
        pledge,
        poll="某村的“今年办哪几件”",
        options="硬化村东路，请按1；装路灯，请按2",
        projects="硬化村东路",
    )
    rehearsal = _Rehearsal(read, order, brief, pin, dialect, is_quiet=as_json)
    lines = iter(keys.split()) if keys is not None else _typed(as_json=as_json)
    rehearsal.play(lines)
    if as_json:
        told = rehearsal.told() | {"script": f"{read.name}-{read.version}", "sha256": read.sha256}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        rehearsal.conclude()


@dataclass(slots=True)
class _Rehearsal:
    """One conversation with whoever sits at the terminal."""

    written: Script
    order: Arrangement
    brief: Brief
    pin: str
    dialect: str
    is_quiet: bool
    said: list[dict[str, object]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    step: Step = field(init=False)

    @property
    def script(self) -> Script:
        """The script as it is heard now."""
        return arranged(self.written, self.order, self.dialect)

    def play(self, lines: Iterator[str]) -> None:
        self.step = first_step(self.script)
        self._say()
        while isinstance(self.step, Ask):
            # Whoever says nothing more lets the comment stay.
            line = next(lines, "" if self.step.topic is Topic.REVIEW else None)
            if line is None:
                return
            turn = next_step(self.script, self.step, self._event(self.step, line.strip()))
            if turn.fact is not None:
                self.facts.append(turn.fact)
            if isinstance(turn.fact, DialectChosen):
                self.dialect = turn.fact.dialect
            self.step = turn.step
            self._say()

    def _event(self, at: Ask, line: str) -> Event:
        if line in _SILENCES:
            return Silence()
        if at.topic is Topic.COMMENT:
            is_key = line in {"#", self.script.not_free_key, self.script.never_key}
            return Spoken("rehearsal", 0 if is_key else _SECONDS_SPOKEN, line if is_key else "")
        is_pin = at.topic is Topic.PIN and len(line) > 1
        return PinTyped(line == self.pin) if is_pin else Pressed(line)

    def _say(self) -> None:
        text = words(self.script, self.brief, self.step)
        offers = [each.offer.strip() for each in self.script.offers(self.step)]
        if isinstance(self.step, Ask):
            asked: dict[str, object] = {"asked": f"{self.step.topic}/{self.step.tries}"}
            self.said.append(asked | ({"offers": offers} if offers else {}) | {"text": text})
        else:
            self.said.append({"ended": self.step.ending, "text": text})
        if not self.is_quiet:
            for offer in offers:
                click.secho(f"☎ {offer}", fg="cyan")
            click.secho(f"☎ {text}", fg="cyan")

    @property
    def _code(self) -> str:
        agreed = any(isinstance(fact, Replied) for fact in self.facts)
        contact = contact_of(CallStatus.COMPLETED, self.step, has_agreed=agreed)
        return outcome([Tried(contact, utc_now())]).code.code

    def told(self) -> dict[str, object]:
        ended = self.step.ending.value if isinstance(self.step, Farewell) else "hung_up"
        kept = [f for f in self.facts if ended != "not_free" or isinstance(f, DialectChosen)]
        learnt = [_fact(fact) for fact in kept]
        return {
            "asks": self.order.written(),
            "said": self.said,
            "learnt": learnt,
            "ended": ended,
            "outcome": self._code,
        }

    def conclude(self) -> None:
        told = self.told()
        learnt = told["learnt"]
        assert isinstance(learnt, list)  # noqa: S101 - for the type checker
        if not isinstance(self.step, Farewell):
            click.echo("（挂断 · hung up）")
        click.echo("—— " + ("，".join(learnt) if learnt else "没有留下回答 · nothing is kept"))
        click.echo(f"问法 · asked as (! 反问 · turned): {told['asks']}")
        click.echo(f"结局 · ended: {told['ended']}    AAPOR {told['outcome']}")


def _fact(fact: Fact) -> str:
    match fact:
        case Replied(topic, reply):
            return f"{topic}={reply}"
        case Scored(score):
            return f"score={score}"
        case Voted(answer):
            return f"voice={answer}"
        case DialectChosen(dialect):
            return f"dialect={dialect or 'own'}"
        case _:
            return _PLAIN_FACTS[type(fact)]


_PLAIN_FACTS: Mapping[type[Fact], str] = {
    Identified: "pin=right",
    Commented: "comment=recorded",
    Unsaid: "comment=taken back",
}


def _typed(*, as_json: bool) -> Iterator[str]:
    """Read what is typed, or piped in, a line at a time."""
    prompting = sys.stdin.isatty() and not as_json
    while True:
        if prompting:
            click.echo("> ", nl=False)
        line = sys.stdin.readline()
        if not line:
            return
        if not prompting and not as_json:
            click.echo(f"> {line.rstrip()}")
        yield line


def _heard(wording: Question, dialect: str) -> Iterator[str]:
    heard = wording.dialects.get(dialect, wording)
    if dialect and heard is wording:
        yield "（没有写成方言，用普通话 · in Mandarin）"
    yield from (text.strip() for text in (heard.say_known, heard.say) if text)


def _day(moment: date) -> date:
    return date(moment.year, moment.month, moment.day)
