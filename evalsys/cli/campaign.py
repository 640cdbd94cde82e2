"""`evalsys campaign`: plan, run and look at calling campaigns."""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from threading import Event

import click

from evalsys.app import build_campaigns
from evalsys.cli.campaign_told import forecast_json, forecast_text, print_status, status_json
from evalsys.cli.database import opened_database
from evalsys.cli.finite_range import FiniteRange
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.domain.campaign.calendar import WINDOWS, read_window
from evalsys.domain.campaign.forecast import Trunk
from evalsys.domain.campaign.plan import STATE_WORDS, Kind, Rules
from evalsys.domain.campaign.policy import Policy
from evalsys.domain.campaign.wanted import Electorate, Wanted
from evalsys.domain.interview_prompts import dialect_names
from evalsys.errors import InvalidInput, NotFound
from evalsys.ids import CampaignId, HouseholdCode
from evalsys.say import said, say
from evalsys.services.campaign_export import CampaignList, export_list
from evalsys.services.grid_preset import second_level
from evalsys.services.rooms import CampaignRoom
from evalsys.settings import Settings, read_settings

ACTOR = "system:campaign"
_EPILOG = """
\b
退出码 · exit codes: 0 完成 · done, 1 规则不允许或没有这次活动 · refused, 2 参数不可用 · unusable
"""


@click.group(epilog=_EPILOG)
def command() -> None:
    """电话评议活动 · calling campaigns: plan, start, pause, stop, status, export.

    详见 docs/campaigns.md · described there.
    """


@contextmanager
def _room() -> Iterator[tuple[CampaignRoom, Settings]]:
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        yield build_campaigns(settings, database), settings


@command.command(epilog=_EPILOG)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in Kind]),
    default=Kind.ANNUAL.value,
    show_default=True,
    help="年度评议、任前评议、承诺回访、部门抽查、办结回访或群众点菜 · what is asked about",
)
@click.option("--title", required=True, help="活动名称 · title")
@click.option("--cadre", "cadres", multiple=True, help="干部编号，可多次 · cadre, repeatable")
@click.option("--unit", "units", multiple=True, help="单位代码 · only cadres of this unit")
@click.option(
    "--township",
    "townships",
    multiple=True,
    help="第二级网格（乡镇、街道）代码 · only this grid of the second level",
)
@click.option("--department", default="", help="部门抽查：单位代码 · unit that is judged")
@click.option("--about", default="", help="部门抽查：被评的工作 · what is judged, as spoken")
@click.option(
    "--sample",
    default=0,
    type=click.IntRange(0),
    help="部门抽查、办结回访：户数 · households drawn; of a callback 0 is all",
)
@click.option("--pledge", default="", help="承诺回访：承诺内容 · what was promised")
@click.option("--poll", default=0, type=int, help="群众点菜：项目编号 · number of the poll")
@click.option("--quota", default=0, type=int, help="每名干部够几份就停，0 不限 · answers a cadre")
@click.option("--unit-quota", default=0, type=int, help="每个单位够几份就停 · answers a unit")
@click.option(
    "--township-quota",
    default=0,
    type=int,
    help="每个乡镇、街道够几份就停 · a township",
)
@click.option("--attempts", default=6, type=int, help="每户最多拨打次数 · attempts a household")
@click.option("--days", default=3, type=int, help="至少分散到几天 · over at least so many days")
@click.option("--window", "windows", multiple=True, help="拨打时段，如 09:00-12:00 · calling hours")
@click.option("--links", is_flag=True, help="打不通的户发短信链接 · send links to the unreached")
@click.option("--links-first", is_flag=True, help="先发链接，一天后再打 · links, then calls")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON object")
def plan(  # noqa: PLR0913 - one argument an option
    *,
    kind: str,
    title: str,
    cadres: tuple[str, ...],
    units: tuple[str, ...],
    townships: tuple[str, ...],
    department: str,
    about: str,
    sample: int,
    pledge: str,
    poll: int,
    quota: int,
    unit_quota: int,
    township_quota: int,
    attempts: int,
    days: int,
    windows: tuple[str, ...],
    links: bool,
    links_first: bool,
    as_json: bool,
) -> None:
    """计划一次活动并预测用时 · freeze who is asked, and say how long it will take."""
    hours = tuple(read_window(each, "--window") for each in windows) or WINDOWS
    policy = Policy(most_attempts=attempts, least_days=min(days, attempts))
    wanted = Wanted(
        Kind(kind),
        title,
        Electorate(cadres, units, townships),
        Rules(
            policy,
            hours,
            quota,
            links or links_first,
            unit_quota,
            township_quota,
            links_first=links_first,
        ),
        department,
        about,
        pledge,
        sample,
        poll,
    )
    with _room() as (room, _):
        campaign, reckoned = room.plans.plan(wanted, actor=ACTOR)
        lines, households = room.plans.lines(), room.plans.status(campaign.id).members
        unspoken = room.plans.unspoken(campaign.id)
        called = dialect_names(room.calls.scripts.every()) if unspoken else {}
    told = {"campaign": campaign.id, "households": households, **forecast_json(reckoned, lines)}
    told["unspoken_dialects"] = dict(unspoken)
    if as_json:
        click.echo(json.dumps(told))
        return
    say(f"已计划活动 {campaign.id}：{households} 户。")
    say(forecast_text(reckoned, lines))
    for code, number in unspoken.items():
        say(f"方言 {called.get(code, code)}：脚本没有写，{number} 户将听普通话。")
    say(f"开始拨打：evalsys campaign start {campaign.id}")


@command.command("forecast")
@click.option("--households", required=True, type=click.IntRange(1), help="户数 · households")
@click.option("--lines", type=click.IntRange(1), help="线路数，缺省按本机设置 · lines")
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON object")
def forecast_(households: int, lines: int | None, *, as_json: bool) -> None:
    """预测用时 · how long a campaign over so many households would take."""
    with _room() as (room, _):
        trunk = Trunk(lines) if lines else None
        reckoned = room.plans.reckon(households, Rules(), trunk)
        shown = trunk or room.plans.lines()
    told = forecast_json(reckoned, shown)
    if as_json:
        click.echo(json.dumps(told))
    else:
        say(forecast_text(reckoned, shown))


@command.command()
@click.argument("campaign")
def start(campaign: str) -> None:
    """开始或继续拨打 · let a campaign call, or go on after a pause."""
    with _room() as (room, _):
        room.plans.start(_id(campaign), actor=ACTOR)
    say("活动进行中：正在运行的 evalsys serve 或 evalsys campaign dial 会按时段拨打。")


@command.command()
@click.argument("campaign")
def pause(campaign: str) -> None:
    """暂停 · take no further household; calls under way end by themselves."""
    with _room() as (room, _):
        room.plans.pause(_id(campaign), actor=ACTOR)
    say("活动已暂停；正在进行的通话会自然结束。")


@command.command()
@click.argument("campaign")
def stop(campaign: str) -> None:
    """停止，不能再继续 · end a campaign for good."""
    with _room() as (room, _):
        room.plans.stop(_id(campaign), actor=ACTOR)
    say("活动已停止；未完成的户按现状编码。")


@command.command()
@click.argument("campaign", required=False)
@click.option("--json", "as_json", is_flag=True, help="输出一行 JSON · print one JSON object")
def status(campaign: str | None, *, as_json: bool) -> None:
    """现状 · how a campaign stands; without CAMPAIGN, all of them."""
    with _room() as (room, settings):
        if campaign is None:
            every = room.plans.every()
            rows = [
                {"campaign": one.id, "state": one.state, "title": one.title, "households": n}
                for one, n in every
            ]
            if as_json:
                click.echo(json.dumps(rows, ensure_ascii=False))
                return
            for one, n in every:
                state, households = said(STATE_WORDS[one.state]), said(f"共 {n} 户")
                click.echo(f"{one.id}  {state}  {one.title}  {households}")
            if not every:
                say("还没有活动；evalsys campaign plan 计划一次。")
            return
        found = room.plans.status(_id(campaign))
    told = status_json(found)
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    print_status(found, settings.zone)


@command.command()
@click.argument("campaign")
@click.option(
    "--list",
    "wanted",
    type=click.Choice([each.value for each in CampaignList]),
    default=CampaignList.CADRES.value,
    show_default=True,
    help="哪份表 · which list",
)
@click.option("--format", "form", type=click.Choice(["csv", "xlsx"]), help="缺省按文件名 · by name")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个文件，.csv 或 .xlsx · the file to write",
)
def export(campaign: str, wanted: str, form: str | None, out: Path) -> None:
    """导出比率、走访名单或信件密码 · rates, households to visit, or PINs for letters."""
    chosen = form or out.suffix.removeprefix(".").lower()
    if chosen not in {"csv", "xlsx"}:
        raise InvalidInput(
            f"从文件名看不出格式：{out.name}。",
            remedy="请用 --format xlsx 或 --format csv。",
            place="--format",
        )
    with _room() as (room, settings), whole_or_nothing(out) as part:
        rows = export_list(
            room,
            _id(campaign),
            CampaignList(wanted),
            part,
            form=chosen,
            actor=ACTOR,
            zone=settings.zone,
            level=second_level(settings.database_url),
        )
    say(f"已写出 {out}：{rows} 行。")


@command.command()
@click.option("--channels", type=click.IntRange(1), help="线路总数 · lines to the carrier")
@click.option("--reserved", type=click.IntRange(0), help="给直播会预留 · kept for a live session")
@click.option("--calls-a-second", type=FiniteRange(), help="每秒最多拨打 · pace of placing calls")
def lines(channels: int | None, reserved: int | None, calls_a_second: float | None) -> None:
    """查看或设置线路 · show or set the lines that campaigns may use."""
    with _room() as (room, _):
        now = room.plans.lines()
        wanted = Trunk(
            now.channels if channels is None else channels,
            now.reserved if reserved is None else reserved,
            now.calls_a_second
            if calls_a_second is None
            else Fraction(calls_a_second).limit_denominator(1000),
        )
        if wanted != now:
            room.plans.set_lines(wanted, actor=ACTOR)
    pace = float(wanted.calls_a_second)
    say(f"线路 {wanted.channels} 条，预留 {wanted.reserved} 条，每秒最多拨 {pace:g} 通")


@command.command()
@click.argument("days", nargs=-1)
@click.option("--replace", is_flag=True, help="以给出的日期为全表 · these days are the whole table")
def holidays(days: tuple[str, ...], *, replace: bool) -> None:
    """查看或增加不拨打的日期 · days on which nobody is called, as 2027-01-01=元旦."""
    with _room() as (room, _):
        known = {} if replace else dict(room.plans.holidays())
        given = dict(_holiday(each) for each in days)
        if given or replace:
            room.plans.set_holidays({**known, **given}, actor=ACTOR)
        for day, name in sorted(room.plans.holidays().items()):
            click.echo(f"{day.isoformat()}  {name}")


@command.command()
@click.argument("household")
@click.option("--do-not-call/--may-call", default=None, help="不再拨打 · never call again")
@click.option("--window", help="希望的时间，如 19:00-20:00 · when it wants to be called")
@click.option("--dialect", help="方言代码 · code of a dialect")
def wish(
    household: str, *, do_not_call: bool | None, window: str | None, dialect: str | None
) -> None:
    """登记一户的要求 · note what a household asked for."""
    with _room() as (room, _):
        room.plans.note_wish(
            HouseholdCode(household),
            actor=ACTOR,
            do_not_call=do_not_call,
            window=window,
            dialect=dialect,
        )
    say("已登记，未完成的活动从现在起照此办理。")


@command.command()
@click.option("--once", is_flag=True, help="只拨到期的一批 · one round, then stop")
def dial(*, once: bool) -> None:
    """运行一个拨号进程 · run one dialler; any number may share the work on PostgreSQL."""
    ended = Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: ended.set())
    with _room() as (room, _):
        if once:
            say(f"已拨 {room.dialler.tick(room.plans.now())} 通")
            return
        click.echo("拨号进程已启动 · dialling")
        room.dialler.run(ended)


def _id(text: str) -> CampaignId:
    if len(text) > 32:
        raise NotFound("没有这次活动。", remedy="evalsys campaign status 列出全部活动。")
    return CampaignId(text)


def _holiday(text: str) -> tuple[date, str]:
    day, _, name = text.partition("=")
    try:
        return date.fromisoformat(day), name or "节假日"
    except ValueError as error:
        raise InvalidInput(
            f"“{text[:30]}”不是日期。", remedy="请写成 2027-01-01=元旦。", place="DAYS"
        ) from error
