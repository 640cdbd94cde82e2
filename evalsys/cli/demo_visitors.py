"""The attended demo: a rehearsal that is ready to be drawn from, and where to look."""

import unicodedata
from collections.abc import Iterable, Mapping

import click

from evalsys.cli.demo_house import House
from evalsys.cli.demo_panel import SEATS
from evalsys.cli.demo_people import Operator
from evalsys.cli.demo_session import PLAN
from evalsys.domain.access import Role

VISITORS_GAP_S = 15
"""Seconds until a household is dialled again: long enough to be seen, short enough to wait."""

Logins = Mapping[Role, tuple[str, str]]
Line = tuple[str, str, str]


def open_to_visitors(house: House, logins: Logins, slots: int) -> None:
    """Plan a rehearsal, freeze its roster, print seat cards, and tell where everything is."""
    operator = Operator(house.url)
    operator.sign_in(*logins[Role.OPERATOR])
    live = operator.plan(**{**PLAN, "gap_s": VISITORS_GAP_S, "slots": slots})
    click.echo("冻结名册 · freezing the roster …")
    operator.do("freeze")
    operator.do("publish")
    card = operator.tell(f"/seats/{live}", SEATS)["seats"][0]

    def login(role: Role) -> str:
        return " / ".join(logins[role])

    lines: list[Line] = [
        ("控制台 console", f"{house.url}/console/{live}", login(Role.OPERATOR)),
        ("大屏 stage", f"{house.url}/stage/{live}", "1920×1080，不用登录 · open to all"),
        ("播出字幕 overlay", f"{house.url}/overlay/{live}", "1080p、4K，透明 · transparent"),
        ("提示屏 monitor", f"{house.url}/monitor/{live}", login(Role.HOST)),
        ("屏幕墙 screens", f"{house.url}/wall/{live}", login(Role.ENGINEER)),
        ("评议团 pad", card["join_url"], f"席位码 · code {card['code']}（{card['label']}）"),
        ("席位卡 cards", f"{house.url}/seats/{live}/cards", login(Role.OPERATOR)),
        ("话机 handset", f"{house.exchange_url}/handset?any=1", "接下一个住户电话 · take a call"),
        (
            "会场话机 hall",
            f"{house.exchange_url}/handset?number=client:hall",
            "连线 · on stage",
        ),
        (
            "播出 feed",
            f"{house.exchange_url}/handset?number=client:feed",
            "晚 8 秒 · what is broadcast",
        ),
        ("公众页 public", f"{house.url}/live/{live}", "不用登录 · open to all"),
        ("组织部 personnel", f"{house.url}/personnel/", login(Role.PERSONNEL)),
        ("诉求 casework", f"{house.url}/casework/", login(Role.OFFICE)),
        ("联系干部 cadre", f"{house.url}/mine/", login(Role.CADRE)),
        ("共性问题 issues", f"{house.url}/casework/issues/", login(Role.RECORDER)),
        ("审计 audit", f"{house.url}/draw/{live}/auditor", login(Role.AUDITOR)),
        ("主持人 host", f"{house.url}/console/{live}", login(Role.HOST)),
        ("纪检 discipline", f"{house.url}/draw/{live}/objections", login(Role.DISCIPLINE)),
    ]
    click.echo()
    click.secho("彩排已就绪 · the rehearsal is ready", bold=True)
    click.echo(columns(lines))
    click.echo()
    click.echo("先开大屏，再在控制台按“下一步”。按 Ctrl-C 停止。")
    click.echo("Open the stage, then press the console's next step. Ctrl-C stops everything.")


def columns(lines: Iterable[Line]) -> str:
    """Lay lines out in columns; a Chinese character takes two places on a terminal."""
    rows = list(lines)
    widths = [max(_width(row[column]) for row in rows) for column in range(2)]
    return "\n".join(
        "  "
        + "  ".join(
            cell + " " * (width - _width(cell))
            for cell, width in zip(row, [*widths, 0], strict=True)
        )
        for row in rows
    )


def _width(text: str) -> int:
    """Places that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
