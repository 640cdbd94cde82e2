"""`evalsys import records`: a cycle takes over what the county's own records say."""

import getpass
import json
import os
from datetime import datetime

import click

from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.clock import utc_now
from evalsys.domain.cycles import CycleCode, read_code
from evalsys.domain.record_scores import Fate
from evalsys.errors import InvalidInput
from evalsys.say import say
from evalsys.services.record_scores import TakenOver, record_scores
from evalsys.settings import read_settings


@click.command("records")
@click.argument("cycle")
@click.option(
    "--as-of",
    type=Day(),
    help="截至哪一天，默认今天 · up to which day, today by default.",
)
@click.option("--dry-run", is_flag=True, help="只试算，不写入 · tell and write nothing.")
@click.option("--json", "wants_json", is_flag=True, help="结果以 JSON 输出 · print JSON.")
def command(*, cycle: str, as_of: datetime | None, dry_run: bool, wants_json: bool) -> None:
    """取用县内记录 · take over into CYCLE (2026, 2026Q3) what is on record here.

    Session verdicts, promises ruled on and requests of cadres, programmes that households judged
    of units, in the days of the cycle up to a day. Each score says of how many facts it is. What
    an import or a correction entered stays and is told; an old score stays on record; the same
    again changes nothing. What these scores weigh is set in the rulebook: 0 until the county
    decides.

    Exit code 0: done. 1: the cycle is closed, or not there. 2: the day cannot be.
    """
    code = read_code(cycle)
    if code is None:
        raise InvalidInput("不是考核周期。", remedy="年度写 2026，季度写 2026Q3。", place=cycle)
    settings = read_settings(os.environ)
    day = as_of.date() if as_of else None
    with opened_database(settings) as database:
        room = record_scores(database, utc_now, settings.zone)
        if dry_run:
            found = room.look(code, day)
        else:
            found = room.take_over(code, day, by=f"cli:{getpass.getuser()}")
    if wants_json:
        click.echo(json.dumps(_as_json(code, found, dry_run=dry_run), ensure_ascii=False))
        return
    for line in found.lines:
        fates = "，".join(f"{fate} {line.fates[fate]:,}" for fate in Fate if line.fates.get(fate))
        told = fates or "没有可取用的记录"
        say(f"{line.component}（{line.subject}）：{line.facts:,} 项，{told}")
    verb = "试算，没有写入" if dry_run else f"写入 {found.entered:,} 项"
    say(f"{code} 截至 {found.as_of.isoformat()}：{verb}。", fg="green", bold=True)


def _as_json(code: CycleCode, found: TakenOver, *, dry_run: bool) -> dict[str, object]:
    return {
        "cycle": code,
        "as_of": found.as_of.isoformat(),
        "committed": not dry_run,
        "entered": found.entered,
        "components": [
            {
                "component": line.component.value,
                "subject": line.subject.value,
                "facts": line.facts,
                "fates": {fate.value: n for fate, n in line.fates.items()},
            }
            for line in found.lines
        ],
    }
