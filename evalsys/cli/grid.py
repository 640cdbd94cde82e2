"""`evalsys grid`: the levels of the county's grid, and the presets they may be taken from."""

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime

import click

from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.clock import utc_now
from evalsys.domain.grid_change import ChangeKind, GridChange, Part, Proposal
from evalsys.domain.grid_preset import GridPreset
from evalsys.domain.roster import GridLevel
from evalsys.say import said, say
from evalsys.services.grid_change import GridChanges
from evalsys.services.grid_preset import GridPresets
from evalsys.settings import read_settings
from evalsys.store.grid_preset import preset_names, shipped_preset

_as_json = click.option("--json", "as_json", is_flag=True, help="One JSON value for programs.")


@click.group()
def command() -> None:
    """网格 · the grid: its levels, and the presets they may be taken from."""


@command.group()
def preset() -> None:
    """网格方案 · presets of three to six levels, with classes and roles."""


@preset.command("list")
@_as_json
def list_presets(*, as_json: bool) -> None:
    """列出方案 · list the presets that come with the software; needs no database."""
    found = [shipped_preset(name) for name in preset_names()]
    if as_json:
        click.echo(json.dumps([_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        click.echo(f"{one.name:<8} {said(one.title)} ({one.source})")


@preset.command("show")
@click.argument("name", required=False)
@_as_json
def show(name: str | None, *, as_json: bool) -> None:
    """显示方案 · show a preset, or without a name what this county uses.

    Exit codes: 0 shown; 1 there is no such preset.
    """
    if name is not None:
        one = shipped_preset(name)
        levels = one.levels
    else:
        with _presets() as presets:
            layout = presets.layout()
        one, levels = layout.preset, layout.levels or layout.preset.levels
    if as_json:
        click.echo(json.dumps(_json(one, levels), ensure_ascii=False))
        return
    click.secho(f"{said(one.title)} ({one.source})", bold=True)
    for level in levels:
        click.echo(f"  {level.depth}  {said(level.name)}  {_bears(level)}")
    for kind in one.classes:
        say(f"  {kind.code} 类  {kind.title}，每季走访 {kind.visits_a_quarter} 次")
    for role in one.roles:
        most = role.most or "不限"
        say(f"  第 {role.depth} 级  {role.name}  {role.least}–{most} 人  {role.source}")
    if one.elements:
        say("  要素目录：evalsys import taxonomy --elements")


@preset.command("apply")
@click.argument("name")
def apply(name: str) -> None:
    """采用方案 · keep a preset's levels; the roster comes in on them.

    Refused when the county has grids that stand on other levels: nothing is changed then.

    Exit codes: 0 taken; 1 there is no such preset, or it does not fit the grids there are.
    """
    with _presets() as presets:
        found = presets.take(name, by=f"system:{getpass.getuser()}")
    say(f"已采用：{found.title}。接着导入花名册：evalsys import roster FILE…")


@command.command("changes")
@_as_json
def changes(*, as_json: bool) -> None:
    """调整记录 · list the changes of the grid, the newest first."""
    with _changes() as room:
        found = room.every()
    if as_json:
        click.echo(json.dumps([_change_json(one) for one in found], ensure_ascii=False))
        return
    for one in found:
        change = one.change
        click.echo(f"{one.id:>4}  {change.on}  {change.kind:<7} {one.state:<9} {said(one.title)}")
    if not found:
        say("网格还没有调整过。")


@command.command("change")
@click.argument("kind", type=click.Choice([kind.value for kind in ChangeKind]))
@click.argument("grid")
@click.option("--on", type=Day(), required=True, help="First day.")
@click.option("--reason", required=True, help="Document or meeting.")
@click.option("--name", default="", help="rename: the new name.")
@click.option("--bounds", default="", help="bounds: what it borders on.")
@click.option("--class", "grid_class", default="", help="bounds: A, B or C.")
@click.option("--target", default="", help="move: the new parent; merge: where it goes.")
@click.option(
    "--part",
    "parts",
    type=(str, str, str, str),
    multiple=True,
    metavar="CODE NAME HEAD 'MEMBER MEMBER'",
    help="split: a new grid; again for each.",
)
@click.option("--preview", is_flag=True, help="Say what it would do, and do nothing.")
def change(  # noqa: PLR0913 - one parameter an option
    *,
    kind: str,
    grid: str,
    on: datetime,
    reason: str,
    name: str,
    bounds: str,
    grid_class: str,
    target: str,
    parts: tuple[tuple[str, str, str, str], ...],
    preview: bool,
) -> None:
    """提出网格调整 · propose a change of the grid; somebody else approves it on the page.

    Exit codes: 0 proposed or shown; 1 another change is in the way; 2 a value is wrong.
    """
    asked = GridChange(
        ChangeKind(kind),
        grid,
        on.date(),
        reason,
        name,
        bounds,
        grid_class,
        target,
        tuple(Part(code, title, head, tuple(got.split())) for code, title, head, got in parts),
    )
    with _changes() as room:
        seen = room.preview(asked)
        number = None if preview else room.propose(asked, by=f"system:{getpass.getuser()}")
    told = seen.effect
    say(
        f"{seen.title}{' → ' + seen.target if seen.target else ''}，自 {asked.on} 起："
        f"{told.households} 户、{told.cadres} 名干部、{told.grids} 个下级网格换网格，"
        f"{told.heads} 名负责人任职终止；联系关系不变。"
    )
    if number is not None:
        say(f"已提出，第 {number} 件：请另一位同志在网格页批准。")


@contextmanager
def _changes() -> Iterator[GridChanges]:
    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        yield GridChanges(database, utc_now, settings.zone)


def _change_json(one: Proposal) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.change.kind.value,
        "grid": one.change.grid,
        "on": one.change.on.isoformat(),
        "state": one.state.value,
        "reason": one.change.reason,
        "target": one.change.target,
        "effect": asdict(one.effect),
        "proposed_by": one.proposed_by,
        "ruled_by": one.ruled_by,
    }


@contextmanager
def _presets() -> Iterator[GridPresets]:
    with opened_database() as database:
        yield GridPresets(database, utc_now)


def _bears(level: GridLevel) -> str:
    told = [f"负责人 {level.head_count} 名"]
    if level.head_min_rank:
        told.append(f"{level.head_min_rank}以上")
    if level.holds_households:
        told.append("挂联系户")
    if level.holds_cadres:
        told.append("挂干部")
    return "  ".join(map(said, told))


def _json(one: GridPreset, levels: tuple[GridLevel, ...] | None = None) -> dict[str, object]:
    return {
        "name": one.name,
        "title": one.title,
        "source": one.source,
        "sha256": one.sha256,
        "levels": [
            {
                "depth": level.depth,
                "name": level.name,
                "heads": level.head_count,
                "head_min_rank": level.head_min_rank,
                "holds_households": level.holds_households,
                "holds_cadres": level.holds_cadres,
            }
            for level in levels or one.levels
        ],
        "classes": [
            {"code": kind.code, "title": kind.title, "visits_a_quarter": kind.visits_a_quarter}
            for kind in one.classes
        ],
        "roles": [
            {
                "name": role.name,
                "depth": role.depth,
                "least": role.least,
                "most": role.most,
                "source": role.source,
            }
            for role in one.roles
        ],
        "numbers": {
            name: [
                {"value": dated.value, "since": dated.since.isoformat()} for dated in each.values
            ]
            for name, each in one.numbers.items()
        },
        "elements": one.elements,
    }
