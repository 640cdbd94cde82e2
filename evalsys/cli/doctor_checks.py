"""What `evalsys doctor` looks at; each check answers in words and never raises."""

import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

import requests

from evalsys.app import build_rooms
from evalsys.assets import assets_root
from evalsys.cli.nginx import HEAVY
from evalsys.cli.script_prompts import unrecorded
from evalsys.clock import utc_now
from evalsys.domain.access import Role
from evalsys.domain.interview_prompts import dialect_names
from evalsys.errors import EvalsysError
from evalsys.services.access import in_turn
from evalsys.services.backups import backup_age
from evalsys.services.leadership import BEATS_EVERY_S
from evalsys.services.rooms import Rooms
from evalsys.services.tally import Elsewhere
from evalsys.settings import Settings
from evalsys.store import schema_version
from evalsys.store.database import WAL_RACE_FIXED_IN, Database
from evalsys.store.phone_box import PhoneBox
from evalsys.store.phone_keys import check_keys
from evalsys.telephony.carriers import leaves_country
from evalsys.telephony.gateway import TwilioGateway
from evalsys.telephony.scripts import interview_scripts

ENOUGH_DISK_BYTES = 2 << 30
LEAST_DISK_BYTES = 200 << 20
CLOCKS_AGREE_S = 2.0
ANSWERS_WITHIN_S = 5
_SIGN_IN = next(path for path in HEAVY if path == "login")
"""What everybody may ask of the process for long work."""


APPROVERS = frozenset({Role.PERSONNEL, Role.DISCIPLINE, Role.OFFICE, Role.OPERATOR})
"""Who takes part in what needs two people."""


class Mark(StrEnum):
    """What a check found."""

    OK = "ok"
    WARN = "warn"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    name: str
    mark: Mark
    says: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield a finding for each check; without a usable database only those that need none."""
    yield _disk("disk", settings.data_dir)
    yield _disk("watch", settings.watch_dir)
    yield _fonts()
    yield _backup(settings)
    yield _address(settings)
    yield _carrier(settings)
    yield _prompts(settings)
    database = _database(settings)
    yield database
    if database.mark is Mark.FAIL:
        return
    rooms = build_rooms(settings, Elsewhere(), aside=in_turn)
    yield _leader(rooms)
    if not settings.database_url.startswith("sqlite"):
        yield _web(settings)
    yield _tally(rooms)
    yield _accounts(rooms)
    yield _persons(rooms)
    yield _roster(rooms)


def _disk(name: str, folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, prefix=".doctor-"):
            free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding(
            name, Mark.FAIL, f"{folder} 不能写：{error.strerror}。", "请改权限或改设置。"
        )
    says = f"{folder} 可写，剩余 {free / 2**30:.1f} GB。"
    if free < LEAST_DISK_BYTES:
        return Finding(name, Mark.FAIL, says, "磁盘将满，请先腾出空间。")
    if free < ENOUGH_DISK_BYTES:
        return Finding(name, Mark.WARN, says, "一场会议不足 1 GB，请留出余量。")
    return Finding(name, Mark.OK, says)


def _backup(settings: Settings) -> Finding:
    age = backup_age(settings.backup_dir, utc_now())
    return Finding("backup", Mark.OK if age.is_recent else Mark.WARN, age.says, age.remedy)


def _fonts() -> Finding:
    missing = [
        weight
        for weight in ("regular", "bold")
        if not (assets_root() / "static" / "fonts" / f"noto-sans-sc-{weight}.woff2").is_file()
    ]
    if missing:
        return Finding("fonts", Mark.FAIL, "缺少中文字体。", "请重新安装 evalsys。")
    return Finding("fonts", Mark.OK, "中文字体齐全。")


def _address(settings: Settings) -> Finding:
    """Ask our own public address as a viewer would; its clock is the hall's clock."""
    address = settings.public_url
    try:
        answer = requests.get(f"{address}/", timeout=ANSWERS_WITHIN_S)
        answer.raise_for_status()
    except requests.RequestException as error:
        return Finding(
            "address",
            Mark.FAIL,
            f"{address} 没有应答（{type(error).__name__}）。",
            "请启动 evalsys serve，核对 nginx 和 EVALSYS_PUBLIC_URL。",
        )
    served = answer.headers.get("Date")
    if served and abs((parsedate_to_datetime(served) - utc_now()).total_seconds()) > (
        CLOCKS_AGREE_S + ANSWERS_WITHIN_S
    ):
        return Finding("address", Mark.FAIL, f"{address} 的时钟与本机不一致。", "请启用 NTP。")
    if not settings.secure_cookies and not _is_loopback(address):
        return Finding("address", Mark.WARN, f"{address} 不是 https。", "请在 nginx 上配置证书。")
    return Finding("address", Mark.OK, f"{address} 有应答。")


def _is_loopback(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _carrier(settings: Settings) -> Finding:
    try:
        TwilioGateway(settings).check()
    except EvalsysError as error:
        return Finding("carrier", Mark.FAIL, error.what, error.remedy)
    if abroad := leaves_country(settings):
        return Finding(
            "carrier",
            Mark.WARN,
            f"电话平台 {abroad} 不在境内，联系户的号码和语音会离开本国。",
            "平台确在境内时请设置 EVALSYS_TELEPHONY_COUNTRY=CN。",
        )
    return Finding("carrier", Mark.OK, "电话平台有应答。")


def _prompts(settings: Settings) -> Finding:
    """Say which prompts of a dialect fall back to Mandarin or to the synthesiser."""
    newest = {script.name: script for script in interview_scripts()}.values()
    called = dialect_names(newest)
    mandarin: dict[str, list[str]] = {}
    unspoken: dict[str, list[str]] = {}
    try:
        for script in newest:
            for dialect in script.dialects:
                in_mandarin, silent = unrecorded(script, dialect, settings.prompts)
                for gaps_of, prompts in ((mandarin, in_mandarin), (unspoken, silent)):
                    named = (f"{script.name}-{script.version} {each}" for each in prompts)
                    gaps_of.setdefault(dialect, []).extend(named)
        gaps = [
            *(
                f"{called[code]} 用普通话说 {_named(some)}"
                for code, some in mandarin.items()
                if some
            ),
            *(f"{called[code]} 没有录音 {_named(some)}" for code, some in unspoken.items() if some),
        ]
    except EvalsysError as error:
        return Finding("prompts", Mark.FAIL, f"{error.place}：{error.what}", error.remedy)
    if not gaps:
        return Finding("prompts", Mark.OK, "各方言的提示音都有录音。")
    remedy = "没有录音的由合成语音说；全表见 evalsys script prompts 脚本 --dialect 方言。"
    return Finding("prompts", Mark.WARN, "；".join(gaps) + "。", remedy)


def _named(prompts: list[str], most: int = 3) -> str:
    listed = "、".join(prompts[:most])
    return f"{listed} 等 {len(prompts)} 句" if len(prompts) > most else listed


def _database(settings: Settings) -> Finding:
    try:
        database = Database(settings.database_url)
        try:
            schema_version.check_current(database)
            with database.read() as db:
                check_keys(db, PhoneBox(settings.phone_key, settings.index_key))
            return _sqlite(settings) if database.is_sqlite else _postgresql(database)
        finally:
            database.close()
    except EvalsysError as error:
        what = f"{error.place}：{error.what}" if error.place else error.what
        return Finding("database", Mark.FAIL, what, error.remedy)


def _sqlite(settings: Settings) -> Finding:
    version = sqlite3.sqlite_version
    if settings.secure_cookies:
        return Finding(
            "database",
            Mark.WARN,
            f"SQLite {version}，适合演示和彩排。",
            "正式会议请用 PostgreSQL。",
        )
    if sqlite3.sqlite_version_info < WAL_RACE_FIXED_IN:
        return Finding(
            "database",
            Mark.WARN,
            f"SQLite {version} 有 WAL 复位缺陷（3.51.3 修复）。",
            "只运行一个会写数据库的进程，或改用 PostgreSQL。",
        )
    return Finding("database", Mark.OK, f"SQLite {version}，结构是最新版本。")


def _postgresql(database: Database) -> Finding:
    with database.read() as db:
        connection = db.connection()
        version = connection.exec_driver_sql("SHOW server_version").scalar_one()
        theirs = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    apart = abs((theirs - utc_now()).total_seconds()) if isinstance(theirs, datetime) else 0.0
    says = f"PostgreSQL {version}，结构是最新版本，时钟相差 {apart:.1f} 秒。"
    if apart > CLOCKS_AGREE_S:
        return Finding("database", Mark.FAIL, says, "请在两台机器上启用 NTP。")
    return Finding("database", Mark.OK, says)


def _leader(rooms: Rooms) -> Finding:
    """Watch the leader for two of its beats."""
    before = rooms.leadership.seen()
    time.sleep(2 * BEATS_EVERY_S)
    now = rooms.leadership.seen()
    if not now.leader:
        return Finding("leader", Mark.FAIL, "还没有服务器主持过。", "请启动 evalsys serve。")
    says = f"第 {now.epoch} 任主机 {now.leader}"
    if now == before:
        return Finding(
            "leader",
            Mark.FAIL,
            f"{says} 没有心跳。",
            "请启动 evalsys serve；有备用机的，看它的日志。",
        )
    if now.epoch != before.epoch:
        return Finding(
            "leader",
            Mark.WARN,
            f"{says} 刚刚从 {before.leader or '无'} 接管。",
            "请再检查一次；反复换主机的，两台都须用 --standby 启动。",
        )
    return Finding("leader", Mark.OK, f"{says} 在主持，有心跳。")


def _web(settings: Settings) -> Finding:
    """Ask for a page that takes long: on PostgreSQL a process beside the live one answers it."""
    address = f"{settings.public_url}/{_SIGN_IN}"
    try:
        answer = requests.get(address, timeout=ANSWERS_WITHIN_S, allow_redirects=False)
    except requests.RequestException as error:
        says = f"{address} 没有应答（{type(error).__name__}）。"
        return Finding("web", Mark.WARN, says, "请先让公开地址有应答。")
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Finding(
            "web",
            Mark.FAIL,
            f"{address} 应答 {answer.status_code}：上传、导出和电话回调无人处理。",
            "请启动 evalsys web，并核对 evalsys deploy nginx --web。",
        )
    return Finding("web", Mark.OK, "上传、导出等耗时页面有应答。")


def _tally(rooms: Rooms) -> Finding:
    match rooms.score.tally_trouble():
        case "":
            return Finding("tally", Mark.OK, "计票进程在工作。")
        case "away" | "starting":
            return Finding(
                "tally",
                Mark.WARN,
                "计票进程没有运行：打分会一直密封。",
                "请启动 evalsys tally --watch。",
            )
        case trouble:
            return Finding(
                "tally", Mark.FAIL, f"计票进程打不开选票（{trouble}）。", "请核对计票密钥和日志。"
            )


def _accounts(rooms: Rooms) -> Finding:
    operators = sum(
        account.role is Role.OPERATOR and account.disabled_at is None
        for account in rooms.access.accounts()
    )
    if not operators:
        return Finding(
            "accounts",
            Mark.FAIL,
            "没有可用的操作员账号。",
            "请运行 evalsys user add 名字 --role operator。",
        )
    return Finding("accounts", Mark.OK, f"{operators} 个操作员账号。")


def _persons(rooms: Rooms) -> Finding:
    """Two accounts of one person pass for two people unless they say whose they are."""
    unnamed = [
        account.name
        for account in rooms.access.accounts()
        if account.role in APPROVERS and account.disabled_at is None and not account.person
    ]
    if unnamed:
        return Finding(
            "persons",
            Mark.WARN,
            f"{len(unnamed)} 个能批准的账号没有登记是谁的，例如 {unnamed[0]}。",
            "请运行 evalsys user person 账号 编号，否则认不出同一人的两个账号。",
        )
    return Finding("persons", Mark.OK, "能批准的账号都登记了是谁的。")


def _roster(rooms: Rooms) -> Finding:
    coverage = rooms.roster.coverage()
    says = f"{coverage.cadres:,} 名干部，{coverage.households:,} 户。"
    if not coverage.cadres:
        return Finding(
            "roster", Mark.FAIL, "花名册是空的。", "请运行 evalsys import roster 文件…。"
        )
    if not coverage.is_complete:
        return Finding("roster", Mark.WARN, f"{says}有户没有或有两名联系干部。", "见花名册页。")
    return Finding("roster", Mark.OK, f"{says}全覆盖、无遗漏。")
