"""`evalsys demo`: the whole system on this machine with a made-up county."""

import signal
import sys
from pathlib import Path

import click

from evalsys.cli import demo_assembly
from evalsys.cli.demo_children import Children, free_port
from evalsys.cli.demo_house import County, House
from evalsys.cli.demo_session import Stopwatch
from evalsys.cli.demo_unattended import Evening, make_ready, play_unattended
from evalsys.cli.demo_visitors import open_to_visitors
from evalsys.cli.finite_range import FiniteRange

VISITED_SPEED = 4.0
"""A visitor hears the phone ring, but does not wait as long as a county would."""
UNATTENDED_SPEED = 40.0
USUAL_SLOTS = 10


@click.command(context_settings={"show_default": True})
@click.option("--unattended", is_flag=True, help="不用人操作，自动演完整场 · play a session alone.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="无人值守时写结果的目录 · where an unattended session writes what it came to.",
)
@click.option(
    "--slots",
    type=click.IntRange(1, 50),
    help="抽取人数，缺省 10；承诺大会的议题数，缺省 16 · cadres to draw, or issues.",
    show_default=False,
)
@click.option(
    "--named",
    default=0,
    type=click.IntRange(0, 10),
    help="无人值守时另点名几人 · cadres named besides, unattended.",
)
@click.option(
    "--kind",
    default="cadre",
    type=click.Choice(["cadre", "programme", "assembly"]),
    help="评干部、评项目（无人值守），还是承诺大会 · what is heard; programmes unattended only.",
)
@click.option(
    "--order",
    default="fixed",
    type=click.Choice(["fixed", "drawn"]),
    help="承诺大会的议题次序 · how an assembly's issues come in order.",
)
@click.option(
    "--witnesses",
    default=0,
    type=click.IntRange(0, 20),
    help="无人值守时签名的见证人 · witnesses who sign, unattended.",
)
@click.option(
    "--beacon",
    default="none",
    type=click.Choice(["none", "quicknet", "default"]),
    help="无人值守时的随机信标；须能连到中继 · the beacon, unattended; needs its relays.",
)
@click.option(
    "--seed",
    default=1,
    type=int,
    help="虚构县和人物的种子；抽到谁每次不同 · seed of county and people, not of who is drawn.",
)
@click.option("--cadres", default=10180, type=click.IntRange(20), help="干部人数 · cadres.")
@click.option("--households", default=337000, type=click.IntRange(20), help="户数 · households.")
@click.option(
    "--data",
    default=Path("var/demo"),
    type=click.Path(file_okay=False, path_type=Path),
    help="演示数据目录 · folder that keeps the county for the next run.",
)
@click.option("--port", default=8000, type=click.IntRange(1, 65535), help="首选端口 · wished port.")
@click.option(
    "--exchange-port",
    default=8001,
    type=click.IntRange(1, 65535),
    help="交换机的首选端口 · wished port of the exchange.",
)
@click.option(
    "--speed",
    type=FiniteRange(0.1, 1000),
    help="电话比真实快几倍；缺省 4，无人值守 40 · how much faster phones run.",
    show_default=False,
)
def command(  # noqa: PLR0913 - one argument an option
    *,
    unattended: bool,
    out: Path | None,
    slots: int | None,
    named: int,
    kind: str,
    order: str,
    witnesses: int,
    beacon: str,
    seed: int,
    cadres: int,
    households: int,
    data: Path,
    port: int,
    exchange_port: int,
    speed: float | None,
) -> None:
    """在本机演示整个系统 · the whole system on this machine with a made-up county.

    Makes secrets, a database and a fictitious county with a year of casework and procedures
    the first time and keeps them; starts the application and the telephone exchange on
    loopback; opens a rehearsal session and prints where to look. Ctrl-C stops everything.
    With --unattended it plays a session by itself, writes bundle/, decisions.xlsx,
    decisions.csv and summary.json to --out, and ends with 0 only if the bundle verifies.

    The same --seed gives the same county, the same truth behind its households, and the same
    temper of whoever is called and of the panel. Who is drawn it does not fix: that hangs on
    the manifest, whose salts and time are new each time, and on dice, which in a rehearsal the
    operating system throws. Keys, passwords and seat codes are new, too.
    """
    if unattended and out is None:
        raise click.UsageError("--unattended 需要 --out DIR · --unattended needs --out DIR")
    _check_kind(kind, slots=slots or USUAL_SLOTS, named=named, cadres=cadres)
    if out is not None:
        make_ready(out)  # before a county is made for nothing
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # stop the children on the way out
    county = County(cadres, households, seed)
    house = House(
        folder=(data / county.name).absolute(),
        county=county,
        port=free_port(port),
        exchange_port=free_port(exchange_port),
    )
    watch = Stopwatch()
    with watch.measure("prepare"):
        house.prepare()
        logins = house.admit()
        if not unattended:
            house.live_a_year()
    with Children() as children:
        with watch.measure("start"):
            house.start(children, speed or (UNATTENDED_SPEED if unattended else VISITED_SPEED))
        units = demo_assembly.UNITS if slots is None else min(slots, demo_assembly.UNITS)
        if kind == "assembly" and unattended and out is not None:
            demo_assembly.play_unattended(house, logins, out.absolute(), units, order, watch)
        elif kind == "assembly":
            demo_assembly.open_to_visitors(house, logins, units, order)
            children.watch()
        elif unattended and out is not None:
            evening = Evening(slots or USUAL_SLOTS, named, kind, witnesses, beacon)
            play_unattended(house, logins, out.absolute(), evening, watch)
        else:
            open_to_visitors(house, logins, slots or USUAL_SLOTS)
            children.watch()


def _check_kind(kind: str, *, slots: int, named: int, cadres: int) -> None:
    if named and kind != "cadre":
        raise click.UsageError("只有干部的大会点名 · only a session of cadres names anybody")
    if kind == "cadre" and slots > cadres:
        raise click.UsageError("--slots 不能多于 --cadres · no more --slots than --cadres")
