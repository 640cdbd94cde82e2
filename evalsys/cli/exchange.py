"""`evalsys exchange`: run the local telephone exchange."""

import logging
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from evalsys.assets import assets_root
from evalsys.cli.exchange_sip import SIP_REMEDY, sip_options, trunk_of
from evalsys.cli.finite_range import FiniteRange
from evalsys.clock import Clock, utc_now
from evalsys.errors import InvalidInput, OutsideFailure
from evalsys.exchange.dialects import DIALECTS
from evalsys.exchange.faults import FaultSpecError
from evalsys.exchange.households import TruthFileError
from evalsys.exchange.machine import LINE_KINDS, Options
from evalsys.exchange.server import CannotServe, serve
from evalsys.exchange.sip.settings import TrunkError
from evalsys.exchange.voice import PromptSetError
from evalsys.exchange.wire import is_absolute_url
from evalsys.request_handler import RequestHandler

_FEED = re.compile(r"client:[A-Za-z0-9_.@-]{1,120}|\+[1-9][0-9]{6,14}")
_SECONDS = re.compile(r"[0-5]?[0-9](\.[0-9])?|60")


def _kinds(_: click.Context, __: click.Parameter, raw: str) -> tuple[str, ...]:
    kinds = tuple(each.strip() for each in raw.split(",") if each.strip())
    unknown = sorted(set(kinds) - set(LINE_KINDS))
    if unknown or not kinds:
        known = "、".join(LINE_KINDS)
        raise InvalidInput(
            f"没有这种线路：{'、'.join(unknown) or raw}。", remedy=f"可用：{known}。"
        )
    return kinds


def _say_ready(url: str) -> None:
    click.echo(f"电话交换机已启动 · exchange ready: {url}")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise InvalidInput(f"不是时区名：{name}。", place="--zone") from error


def _absolute(url: str, place: str) -> str:
    if url and not is_absolute_url(url):
        raise InvalidInput(f"不是网址：{url}。", remedy="请写全，如 https://…。", place=place)
    return url


def _delays(_: click.Context, __: click.Parameter, raw: tuple[str, ...]) -> Mapping[str, float]:
    delays: dict[str, float] = {}
    for each in raw:
        number, _eq, seconds = each.partition("=")
        if not (_FEED.fullmatch(number) and _SECONDS.fullmatch(seconds)) or float(seconds) < 1:
            raise InvalidInput(
                f"看不懂延时：{each}。",
                remedy="请写成 client:feed=8 或 +8653922…=8，1 到 60 秒。",
                place="--delayed",
            )
        delays[number] = float(seconds)
    return delays


def _clock(starts_at: datetime | None, zone: ZoneInfo) -> Clock:
    """Return a clock that shows `starts_at` now and goes on from there; else the real one."""
    if starts_at is None:
        return utc_now
    ahead = starts_at.replace(tzinfo=zone).astimezone(UTC) - utc_now()
    return lambda: utc_now() + ahead


@click.command(context_settings={"show_default": True})
@click.option("--host", default="127.0.0.1", help="监听地址 · address to listen on")
@click.option("--port", default=8001, type=click.IntRange(1, 65535), help="监听端口 · port")
@click.option(
    "--account",
    envvar="EVALSYS_TELEPHONY_ACCOUNT",
    required=True,
    show_envvar=True,
    help="账户标识，AC 加 32 位十六进制数 · account SID of the REST API",
)
@click.option(
    "--token",
    envvar="EVALSYS_TELEPHONY_TOKEN",
    required=True,
    show_envvar=True,
    help="账户口令（用环境变量则不出现在进程列表中）· auth token; the variable keeps it out of ps",
)
@click.option(
    "--public-url",
    default="",
    help="应用和话机访问交换机的地址，缺省为 http://HOST:PORT · address of the exchange for others",
)
@click.option("--seed", default=1, type=int, help="脚本住户行为的种子 · seed of the scripted lines")
@click.option(
    "--truth",
    type=click.Path(dir_okay=False, path_type=Path),
    help="住户实情文件（JSONL）；不给则每个号码都有虚构住户 · what each household knows",
)
@click.option(
    "--speed",
    default=1.0,
    type=FiniteRange(0.1, 1000),
    help="脚本线路的时间快几倍 · how many times faster scripted lines run",
)
@click.option(
    "--starts-at",
    type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]),
    help="交换机的钟从这一刻走起（当地时间）· the exchange's clock begins at this local time",
)
@click.option(
    "--zone",
    envvar="EVALSYS_ZONE",
    default="Asia/Shanghai",
    show_envvar=True,
    help="住户所在的时区 · time zone of the households",
)
@click.option(
    "--virtual-clock",
    is_flag=True,
    help="每通脚本电话用自己的时钟，从不等待 · scripted calls never wait: each has its own time",
)
@click.option(
    "--lines",
    default="handset,scripted",
    callback=_kinds,
    help="线路种类，逗号分隔 · kinds of lines, separated by commas",
)
@click.option(
    "--carrier",
    envvar="EVALSYS_CARRIER",
    default="twilio",
    show_envvar=True,
    type=click.Choice(sorted(DIALECTS)),
    help="模仿哪一家电话平台 · which carrier is imitated",
)
@click.option(
    "--webhook-algorithm",
    envvar="EVALSYS_WEBHOOK_ALGORITHM",
    default="sha1",
    show_envvar=True,
    type=click.Choice(["sha1", "sha256"]),
    help="回调签名的散列算法 · hash of the signature under webhooks",
)
@click.option(
    "--faults",
    default="",
    metavar="SPEC",
    help="故障开关，例如 duplicate=0.2,drop=0.05,outage=90@30 · what the fault switch deals",
)
@click.option(
    "--webhook-secret",
    envvar="EVALSYS_WEBHOOK_SECRET",
    default="",
    show_envvar=True,
    help="回调签名密钥，缺省与口令相同 · signs requests to the application; default: the token",
)
@click.option(
    "--prompts",
    envvar="EVALSYS_PROMPTS",
    type=click.Path(file_okay=False, path_type=Path),
    show_envvar=True,
    help="真人录音提示音的文件夹 · folder of recorded prompts",
)
@click.option(
    "--dialect",
    envvar="EVALSYS_DIALECT",
    default="",
    show_envvar=True,
    help="优先播放哪种方言的录音 · dialect whose recordings go first",
)
@click.option(
    "--application-url",
    envvar="EVALSYS_PUBLIC_URL",
    default="",
    show_envvar=True,
    help="应用的地址，只从这里取声音；缺省为通话起始处 · where sounds may be fetched",
)
@click.option(
    "--delayed",
    multiple=True,
    callback=_delays,
    metavar="NUMBER=SECONDS",
    help="播出线路：晚几秒才听到会议，可清除 · a feed that hears conferences later",
)
@click.option(
    "--inbound-url",
    envvar="EVALSYS_INBOUND_URL",
    default="",
    show_envvar=True,
    help="来电（中继或话机回拨）听谁的，缺省拒接 · whose document a caller hears",
)
@click.option(
    "--inbound-status-url",
    envvar="EVALSYS_INBOUND_STATUS_URL",
    default="",
    show_envvar=True,
    help="来电的进展报告给谁，缺省不报 · who is told how calls that come in go on",
)
@click.option(
    "--inbound-message-url",
    envvar="EVALSYS_INBOUND_MESSAGE_URL",
    default="",
    show_envvar=True,
    help="住户发来的短信交给谁，缺省不收 · who is told of short messages that come in",
)
@sip_options
@click.option(
    "--data-dir",
    default=Path("var/exchange"),
    type=click.Path(file_okay=False, path_type=Path),
    help="保存通话、录音和待送回调的目录 · calls, recordings and callbacks still owed",
)
def command(  # noqa: PLR0913 - one argument an option
    *,
    host: str,
    port: int,
    account: str,
    token: str,
    public_url: str,
    seed: int,
    truth: Path | None,
    speed: float,
    starts_at: datetime | None,
    zone: str,
    virtual_clock: bool,
    lines: tuple[str, ...],
    carrier: str,
    webhook_algorithm: str,
    faults: str,
    webhook_secret: str,
    prompts: Path | None,
    dialect: str,
    application_url: str,
    delayed: Mapping[str, float],
    inbound_url: str,
    inbound_status_url: str,
    inbound_message_url: str,
    data_dir: Path,
    **sip: object,
) -> None:
    """运行本地电话交换机 · run the local telephone exchange.

    It speaks Twilio's REST API and TwiML over HTTP, answers as scripted households, and
    offers a browser handset at /handset. Stop it with Ctrl-C or SIGTERM; calls in progress
    then end as failed, and callbacks not yet delivered are sent at the next start.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    if not (account.strip() and token.strip()):
        raise InvalidInput(
            "账户标识和口令不能为空。", remedy="没有口令，谁都能替住户接电话。", place="--token"
        )
    assets = assets_root()
    home = _zone(zone)
    options = Options(
        host=host,
        port=port,
        account=account,
        token=token,
        public_url=(_absolute(public_url, "--public-url") or f"http://{host}:{port}").rstrip("/"),
        seed=seed,
        truth=truth,
        speed=speed,
        webhook_secret=webhook_secret or token,
        data_dir=data_dir,
        lines=lines,
        carrier=carrier,
        webhook_algorithm=webhook_algorithm,
        faults=faults,
        virtual_clock=virtual_clock,
        zone=home,
        templates=assets / "templates" / "exchange",
        static=assets / "static" / "exchange",
        prompts=prompts,
        dialect=dialect,
        application_url=application_url,
        delays=delayed,
        inbound_url=_absolute(inbound_url, "--inbound-url"),
        inbound_status_url=_absolute(inbound_status_url, "--inbound-status-url"),
        inbound_message_url=_absolute(inbound_message_url, "--inbound-message-url"),
        trunk=trunk_of(is_wanted="sip" in lines, **sip),
    )
    try:
        serve(options, _clock(starts_at, home), _say_ready, RequestHandler)
    except CannotServe as error:
        raise OutsideFailure(
            f"{error}。", remedy="请换一个 --port 或 --data-dir，或先停止占用它的程序。"
        ) from error
    except TrunkError as error:
        raise InvalidInput(f"{error}。", remedy=SIP_REMEDY) from error
    except PromptSetError as error:
        raise InvalidInput(
            f"{error}。", remedy="录音文件夹的格式见 docs/exchange.md 的“Prompts”一节。"
        ) from error
    except FaultSpecError as error:
        raise InvalidInput(
            f"故障开关看不懂：{error}。", place="--faults", remedy="写法见 docs/exchange.md。"
        ) from error
    except TruthFileError as error:
        raise InvalidInput(
            f"{error}。", remedy="请用 evalsys county generate 重新生成。"
        ) from error
