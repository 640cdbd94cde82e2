"""The options of `evalsys exchange` that name a SIP trunk."""

from collections.abc import Callable
from typing import TypeVar

import click

from evalsys.cli.finite_range import FiniteRange
from evalsys.errors import InvalidInput
from evalsys.exchange.sip.settings import TrunkError, TrunkSettings, trunk_settings

SIP_REMEDY = "SIP 中继的装法和写法见 docs/deployment.md。"

F = TypeVar("F", bound=Callable[..., object])

_OPTIONS = (
    click.option(
        "--sip-trunk",
        envvar="EVALSYS_SIP_TRUNK",
        default="",
        show_envvar=True,
        help="运营商的 SIP 中继，如 sip:10.0.0.1:5060;transport=udp · the carrier's SIP trunk",
    ),
    click.option(
        "--sip-listen",
        envvar="EVALSYS_SIP_LISTEN",
        default="",
        show_envvar=True,
        help="本机在中继一侧的 IP:端口，缺省自动选、5060 · our address towards the trunk",
    ),
    click.option(
        "--sip-user",
        envvar="EVALSYS_SIP_USER",
        default="",
        show_envvar=True,
        help="中继的用户名；不给则按 IP 认证 · user of the digest; none: an IP trunk",
    ),
    click.option(
        "--sip-password",
        envvar="EVALSYS_SIP_PASSWORD",
        default="",
        show_default=False,
        show_envvar=True,
        help="中继的口令（请用环境变量）· its password; the variable keeps it out of ps",
    ),
    click.option(
        "--sip-register", is_flag=True, help="向运营商注册 · register, where the carrier wants it"
    ),
    click.option(
        "--sip-channels",
        default=30,
        type=click.IntRange(1, 1000),
        help="同时通话数 · calls at once",
    ),
    click.option(
        "--sip-rate",
        default=20.0,
        type=FiniteRange(0.1, 100),
        help="每秒最多拨出几个 · calls dialled a second at most",
    ),
    click.option(
        "--sip-numbers",
        default="e164",
        type=click.Choice(["e164", "national"]),
        help="号码写法：+86139… 或 139…/0539… · how numbers are dialled",
    ),
)


def sip_options(command: F) -> F:
    """Add the options to a command; `trunk_of` reads them."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def trunk_of(*, is_wanted: bool, **given: object) -> TrunkSettings | None:
    """Return the trunk that the options name, None when no line of this kind is wanted.

    Raises:
        InvalidInput: an option cannot be used, or the carrier's address is missing.
    """
    if not is_wanted:
        return None
    if not given["sip_trunk"]:
        raise InvalidInput(
            "要用 sip 线路，但没有中继地址。", remedy="请给出 --sip-trunk 或 EVALSYS_SIP_TRUNK。"
        )
    try:
        return trunk_settings(
            str(given["sip_trunk"]),
            listen=str(given["sip_listen"]),
            user=str(given["sip_user"]),
            password=str(given["sip_password"]),
            registers=bool(given["sip_register"]),
            channels=int(str(given["sip_channels"])),
            calls_a_second=float(str(given["sip_rate"])),
            national=given["sip_numbers"] == "national",
        )
    except TrunkError as error:
        raise InvalidInput(f"{error}。", remedy=SIP_REMEDY) from error
