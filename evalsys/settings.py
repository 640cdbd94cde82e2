"""What this installation is configured with: read from the environment once, in `cli` or `wsgi`."""

import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from evalsys.errors import InvalidInput

PUBLIC_RELAYS = (
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
)
"""Where drand's own documentation says that its rounds are passed on."""


CARRIERS = ("twilio", "signalwire", "somleng")
WEBHOOK_ALGORITHMS = ("sha1", "sha256")


@dataclass(frozen=True, slots=True)
class Settings:
    """One installation. Every field is documented in `docs/settings.md`."""

    database_url: str
    data_dir: Path
    watch_dir: Path
    """Files of the watch pages, for a web server to hand out."""
    public_url: str
    """The address at which people and the carrier reach us, without a final slash."""
    secret_key: str
    phone_key: bytes
    """AES-SIV key for telephone numbers, 64 bytes."""
    index_key: bytes
    """HMAC key of the blind index over telephone numbers, 32 bytes."""
    tally_public_key: bytes
    """Curve25519 public key that seals ballots, 32 bytes; its private half is the tally's alone."""
    head_key: bytes
    """Ed25519 private key that signs tree heads, 32 bytes."""
    telephony_url: str
    """Base of a Twilio-compatible carrier; empty means Twilio itself."""
    telephony_account: str
    telephony_token: str
    webhook_secret: str
    """Signs the carrier's webhooks; Twilio uses the account's token."""
    caller_number: str
    """The number that households see, E.164."""
    beacon_relays: tuple[str, ...]
    """Addresses that pass on the randomness beacon, asked at the same time."""
    hall_line: str
    """The hall's own line for calls on stage, `client:name` or E.164; empty for none."""
    feed_line: str
    """The line that feeds a transmitter, in the same way; empty for none."""
    zone: ZoneInfo
    """The county's time zone, for everything that people read."""
    secure_cookies: bool
    proxies: int
    """Reverse proxies in front of us; each is trusted to append to X-Forwarded-For."""
    carrier: str = "twilio"
    """Whose dialect is spoken at `telephony_url`: one of `CARRIERS`."""
    telephony_country: str = ""
    """Where the carrier keeps what it learns, as two letters; empty: not stated."""
    webhook_algorithm: str = "sha1"
    """Hash of the signature under webhooks."""
    open311_keys: str = ""
    """Keys of the programs that may hand requests in, with commas between; empty: none may."""
    backup_dir: Path | None = None
    """Where backups of the database are left; None: nobody says."""
    prompts: Path | None = None
    """Recorded prompts, which the exchange plays; here only to say which are missing."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a setting must look like, and how people are told."""

    pattern: re.Pattern[str]
    says: str


_DATABASE = _Shape(
    re.compile(r"sqlite:///.*|(postgres|postgresql|postgresql\+psycopg)://.+"),
    " sqlite:////路径/evalsys.db 或 postgresql://用户@主机/库名",
)
_ADDRESS = _Shape(re.compile(r"https?://[^\s/?#]+(/[^\s?#]*)?"), " http:// 或 https:// 开头的地址")
_ADDRESS_OR_NONE = _Shape(re.compile(f"({_ADDRESS.pattern.pattern})?"), f"空，或{_ADDRESS.says}")
_LINE_OR_NONE = _Shape(
    re.compile(r"(client:[A-Za-z0-9_.@-]{1,120}|\+[0-9]{7,15})?"), "空、client:名称或电话号码"
)
_COUNTRY_OR_NONE = _Shape(re.compile(r"([A-Z]{2})?"), "空，或两个大写字母的国家代码，如 CN")
_PHONE = _Shape(re.compile(r"\+[0-9]{7,15}"), " + 加国家代码的电话号码")


class _Reader:
    """Collects every problem, so that one start reports them all."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(f"EVALSYS_{name}", default)
        if value is None or (default is None and not value):
            self.problems.append(f"EVALSYS_{name} 未设置")
            return ""
        return value

    def shaped(self, name: str, shape: _Shape, default: str) -> str:
        value = self.text(name, default)
        if not shape.pattern.fullmatch(value):
            # Not the value itself: an address may hold a password.
            self.problems.append(f"EVALSYS_{name} 应为{shape.says}")
        return value

    def one_of(self, name: str, names: Sequence[str], default: str) -> str:
        value = self.text(name, default)
        if value not in names:
            self.problems.append(f"EVALSYS_{name} 应为 {'、'.join(names)} 之一")
        return value

    def addresses(self, name: str, default: Sequence[str]) -> tuple[str, ...]:
        listed = self.text(name, ",".join(default)).split(",")
        addresses = tuple(one.strip().rstrip("/") for one in listed if one.strip())
        if not all(_ADDRESS.pattern.fullmatch(one) for one in addresses):
            self.problems.append(f"EVALSYS_{name} 应为用逗号隔开的{_ADDRESS.says}")
        return addresses

    def key(self, name: str, size: int) -> bytes:
        raw = self.text(name)
        try:
            value = binascii.unhexlify(raw)
        except (binascii.Error, ValueError):
            value = b""
        if raw and len(value) != size:
            self.problems.append(f"EVALSYS_{name} 必须是 {size * 2} 位十六进制数")
        return value

    def count(self, name: str, default: int) -> int:
        raw = self.text(name, str(default))
        if not (raw.isascii() and raw.isdigit() and len(raw) <= 2):
            self.problems.append(f"EVALSYS_{name} 必须是 0 到 99 的整数：{raw}")
            return default
        return int(raw)

    def zone(self, name: str, default: str) -> ZoneInfo:
        raw = self.text(name, default)
        try:
            return ZoneInfo(raw)
        except (KeyError, ValueError, OSError):
            self.problems.append(f"EVALSYS_{name} 不是时区名：{raw}")
            return ZoneInfo("UTC")


def read_tally_key(environment: Mapping[str, str]) -> bytes:
    """Read the private half of the tally key; only the tally process has it.

    Raises:
        InvalidInput: it is missing or malformed.
    """
    read = _Reader(environment)
    key = read.key("TALLY_KEY", 32)
    if read.problems:
        raise InvalidInput(
            "；".join(read.problems) + "。",
            remedy="计票私钥只交给计票进程；用 evalsys tally --new-key 生成一对。",
        )
    return key


def refuse_tally_key(environment: Mapping[str, str]) -> None:
    """Make sure that the application cannot open a ballot.

    Raises:
        InvalidInput: the private half of the tally key is in its environment.
    """
    if environment.get("EVALSYS_TALLY_KEY"):
        raise InvalidInput(
            "应用的环境里不能有计票私钥 EVALSYS_TALLY_KEY。",
            remedy="请把它移到计票进程（evalsys tally --watch）的环境，应用只设 "
            "EVALSYS_TALLY_PUBLIC_KEY；公钥用 evalsys tally --public-key 打印。",
        )


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Read the installation's settings from environment variables named `EVALSYS_*`.

    Raises:
        InvalidInput: lists every missing or malformed variable at once.
    """
    read = _Reader(environment)
    data_dir = Path(read.text("DATA_DIR", "var")).absolute()
    public_url = read.shaped("PUBLIC_URL", _ADDRESS, "http://127.0.0.1:8000").rstrip("/")
    token = read.text("TELEPHONY_TOKEN")
    settings = Settings(
        database_url=read.shaped("DATABASE_URL", _DATABASE, f"sqlite:///{data_dir}/evalsys.db"),
        data_dir=data_dir,
        watch_dir=Path(read.text("WATCH_DIR", str(data_dir / "watch"))).absolute(),
        public_url=public_url,
        secret_key=read.text("SECRET_KEY"),
        phone_key=read.key("PHONE_KEY", 64),
        index_key=read.key("INDEX_KEY", 32),
        tally_public_key=read.key("TALLY_PUBLIC_KEY", 32),
        head_key=read.key("HEAD_KEY", 32),
        telephony_url=read.shaped("TELEPHONY_URL", _ADDRESS_OR_NONE, "").rstrip("/"),
        telephony_account=read.text("TELEPHONY_ACCOUNT"),
        telephony_token=token,
        webhook_secret=read.text("WEBHOOK_SECRET", token),
        caller_number=read.shaped("CALLER_NUMBER", _PHONE, "+861000000000"),
        beacon_relays=read.addresses("BEACON_RELAYS", PUBLIC_RELAYS),
        hall_line=read.shaped("HALL_LINE", _LINE_OR_NONE, ""),
        feed_line=read.shaped("FEED_LINE", _LINE_OR_NONE, ""),
        zone=read.zone("ZONE", "Asia/Shanghai"),
        secure_cookies=public_url.startswith("https://"),
        proxies=read.count("PROXIES", 0),
        carrier=read.one_of("CARRIER", CARRIERS, "twilio"),
        telephony_country=read.shaped("TELEPHONY_COUNTRY", _COUNTRY_OR_NONE, ""),
        open311_keys=read.text("OPEN311_KEYS", ""),
        backup_dir=Path(backups).absolute() if (backups := read.text("BACKUP_DIR", "")) else None,
        prompts=Path(prompts).absolute() if (prompts := read.text("PROMPTS", "")) else None,
        webhook_algorithm=read.one_of("WEBHOOK_ALGORITHM", WEBHOOK_ALGORITHMS, "sha1"),
    )
    if read.problems:
        raise InvalidInput(
            "；".join(read.problems) + "。",
            remedy="请按 docs/settings.md 设置环境变量；./scripts/demo 会自动生成一套演示密钥。",
        )
    return settings
