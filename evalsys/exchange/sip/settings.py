"""What must be known of a trunk: the carrier's address and ours."""

import re
import socket
from dataclasses import dataclass, field

_ADDRESS = re.compile(
    r"(?:sip:)?(?P<host>[A-Za-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?"
    r"(?:;transport=(?P<transport>udp|tcp))?"
)
_LISTEN = re.compile(r"(?P<host>[0-9.]{7,15})?(?::(?P<port>[0-9]{1,5}))?")
_USER = re.compile(r"[A-Za-z0-9+._-]{1,64}")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SIP_PORT = 5060


class TrunkError(Exception):
    """The trunk's settings cannot be used; the message says which and why."""


@dataclass(frozen=True, slots=True)
class TrunkSettings:
    """A trunk; without a user the carrier knows us by our address (an IP trunk)."""

    host: str
    port: int
    transport: str
    listen_host: str
    listen_port: int
    user: str = ""
    password: str = field(default="", repr=False)
    registers: bool = False
    channels: int = 30
    """Calls at once; one more is refused with 503, which the application backs off from."""
    calls_a_second: float = 20.0
    national: bool = False
    """Whether the carrier wants numbers as people of this country dial them."""

    def as_json(self) -> dict[str, str | int | bool]:
        """Return what the child must know."""
        return {
            "host": self.host,
            "port": self.port,
            "transport": self.transport,
            "user": self.user,
            "password": self.password,
            "register": self.registers,
            "listen_host": self.listen_host,
            "listen_port": self.listen_port,
            "channels": self.channels,
        }

    def dialled(self, number: str) -> str:
        """Return an E.164 number as the carrier wants it."""
        if not self.national or not number.startswith("+86"):
            return number
        rest = number.removeprefix("+86")
        return rest if _MOBILE.fullmatch(rest) else f"0{rest}"

    @staticmethod
    def heard(number: str) -> str:
        """Return a number that the carrier tells as E.164, as it is when it is no such number."""
        digits = re.sub(r"[^0-9+]", "", number)
        if _MOBILE.fullmatch(digits):
            return f"+86{digits}"
        if digits.startswith("00"):
            return f"+{digits[2:]}"
        if re.fullmatch(r"0[0-9]{9,11}", digits):
            return f"+86{digits[1:]}"
        return f"+{digits}" if re.fullmatch(r"86[0-9]{9,11}", digits) else number


def trunk_settings(  # noqa: PLR0913 - one argument a setting
    address: str,
    *,
    listen: str = "",
    user: str = "",
    password: str = "",
    registers: bool = False,
    channels: int = 30,
    calls_a_second: float = 20.0,
    national: bool = False,
) -> TrunkSettings:
    """Return a trunk's settings, checked.

    Args:
        address: the carrier, as `sip:host:port;transport=udp`; port and transport may be missing.
        listen: our own address towards it, as `host:port`; either may be missing.
        user: user name of the digest; empty: an IP trunk.
        password: its password.
        registers: whether the carrier wants a registration.
        channels: calls at once.
        calls_a_second: how fast calls may follow each other.
        national: whether numbers are dialled as in this country.

    Raises:
        TrunkError: one of them cannot be used.
    """
    carrier, ours = _ADDRESS.fullmatch(address), _LISTEN.fullmatch(listen)
    if carrier is None:
        raise TrunkError(f"中继地址“{address}”应形如 sip:主机:端口;transport=udp")
    if ours is None:
        raise TrunkError(f"本机地址“{listen}”应形如 IP:端口")
    if user and not _USER.fullmatch(user):
        raise TrunkError("中继用户名只能有字母、数字和 + . _ -")
    if any(letter in '"\\' or ord(letter) < 32 for letter in password):
        raise TrunkError("中继口令不能含引号、反斜杠或控制字符")
    if registers and not user:
        raise TrunkError("要注册的中继需要用户名")
    port = _port(carrier["port"])
    return TrunkSettings(
        host=carrier["host"],
        port=port,
        transport=carrier["transport"] or "udp",
        listen_host=ours["host"] or _address_towards(carrier["host"], port),
        listen_port=_port(ours["port"]),
        user=user,
        password=password,
        registers=registers,
        channels=channels,
        calls_a_second=calls_a_second,
        national=national,
    )


def _port(raw: str | None) -> int:
    port = int(raw) if raw else _SIP_PORT
    if not 0 < port < 65536:
        raise TrunkError(f"端口 {port} 不在 1 到 65535 之间")
    return port


def _address_towards(host: str, port: int) -> str:
    """Return this machine's own address on the way to a host; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
            way.connect((host, port))
            found: str = way.getsockname()[0]
            return found
    except OSError as error:
        raise TrunkError(f"没有通往 {host} 的网络：{error.strerror or error}") from error
