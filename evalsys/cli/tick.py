"""`evalsys tick`: what is due now, over all open requests."""

import json
import os
from datetime import datetime, tzinfo

import click

from evalsys.cli.database import opened_database
from evalsys.clock import utc_now
from evalsys.domain.casework.intake import FIRST_DAY
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput
from evalsys.say import say
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_retention import CaseworkRetention
from evalsys.services.casework_tick import CaseworkTick, Tick
from evalsys.services.grid_change import CarriedOut, GridChanges
from evalsys.services.grid_head import GridHeads, HeadsCarriedOut
from evalsys.settings import read_settings
from evalsys.store.casework_policy import shipped_policy
from evalsys.store.second_person import Waiting, waiting

DUTIES = {
    "overdue": "超期未办结 · overdue",
    "verify": "待核实 · to verify",
    "accept": "待接收 · to accept",
    "settle": "待裁定 · to settle",
    "attend": "待到场 · to attend",
    "approve": "待复核 · to approve",
    "reopen": "群众说没办好，待决定重开 · denied by the household",
    "resume": "暂停到期 · pause over",
    "report": "建议上报 · to escalate",
    "interim": "待回复进展 · interim reply due",
}
SHOWN = 20
LAST_YEAR = 2050
"""The calendar of working days ends in 2055; limits may reach some years ahead."""


@click.command()
@click.option(
    "--at",
    "moment",
    metavar="TIME",
    help="Another time than now, such as 2026-11-30T08:00; then nothing is written.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for programs.")
def command(*, moment: str | None, as_json: bool) -> None:
    """到期事项 · what is due now, over all open requests.

    To be run every morning, or as often as you like: pauses that are over end, times are
    computed anew where the calendar has changed, approved changes of the grid and of its heads
    whose day has come are carried out, and running it twice changes nothing more.

    Exit codes: 0 done; 2 the time cannot be read.
    """
    settings = read_settings(os.environ)
    at = None if moment is None else _moment(moment, settings.zone)
    with opened_database(settings) as database:
        desk = CaseworkDesk(database, shipped_policy(), utc_now, settings.zone)
        changed, headed = CarriedOut((), ()), HeadsCarriedOut((), ())
        if at is None:
            changed = GridChanges(database, utc_now, settings.zone).carry_out_due()
            headed = GridHeads(database, utc_now, settings.zone).carry_out_due()
        with database.read() as db:
            unruled = waiting(db)
        found = CaseworkTick(desk).tick(at)
        words_due = CaseworkRetention(desk).due(at)
    if as_json:
        told = _as_json(found, changed, headed)
        told |= {"words_due": words_due}
        told |= {"waits_for_second_person": {one.title: one.count for one in unruled}}
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    _print_grid(changed, headed)
    _print_unruled(unruled, settings.zone)
    _print_due(found, settings.zone)
    _print_waiting(found, words_due)
    if found.resumed:
        say(f"自动恢复计时：{len(found.resumed)}")
    if found.refreshed:
        say(f"按新的日历或规则重算：{found.refreshed:,}")
    if not found.due:
        say("没有到期事项。")


def _print_waiting(found: Tick, words_due: int) -> None:
    if found.to_call_back:
        late = f"，其中 {found.call_back_late:,} 件已过次日" if found.call_back_late else ""
        click.echo(f"待回访群众 · to call back：{found.to_call_back:,}{late}")
        say("  计划回访：evalsys campaign plan --kind callback --title 办结回访")
    if words_due:
        click.echo(f"保存期满、待清除文字 · words past their time：{words_due:,}")
        say("  一人提出、另一人批准：/casework/retention/")


def _print_unruled(unruled: tuple[Waiting, ...], zone: tzinfo) -> None:
    for one in unruled:
        since = local_date(one.oldest, zone)
        click.echo(f"等另一人批准 · for a second person：{one.title} {one.count}，最早 {since}")


def _print_grid(changed: CarriedOut, headed: HeadsCarriedOut) -> None:
    for one in changed.done:
        say(f"网格调整已生效：第 {one.id} 件，{one.title}（{one.change.on}）")
    for head in headed.done:
        say(f"负责人任免已生效：第 {head.id} 件，{head.title} {head.name}（{head.act.on}）")
    stuck = [(f"网格调整不能生效：第 {one.id} 件，{one.title}", why) for one, why in changed.stuck]
    stuck += [(f"任免不能生效：第 {one.id} 件，{one.title}", why) for one, why in headed.stuck]
    for what, why in stuck:
        say(f"{what}。{why}", fg="red")


def _print_due(found: Tick, zone: tzinfo) -> None:
    for duty, title in DUTIES.items():
        count = found.counts.get(duty, 0)
        if not count:
            continue
        click.secho(f"{title}：{count:,}", fg="red" if duty == "overdue" else None, bold=True)
        for one in [each for each in found.due if each.duty == duty][:SHOWN]:
            when = one.due_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
            say(f"  {one.request}  {when}  {one.holder_kind}:{one.holder}  第{one.level}级")
        if count > SHOWN:
            say(f"  另有 {count - SHOWN:,} 件，用 --json 看全部。")


def _moment(text: str, zone: tzinfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            f"“{text}”不是时间。", remedy="请写成 2026-11-30T08:00。", place="--at"
        ) from error
    if not FIRST_DAY.year <= at.year < LAST_YEAR:
        raise InvalidInput(
            f"“{text}”不在 {FIRST_DAY.year} 至 {LAST_YEAR - 1} 年之间。",
            remedy="请核对年份。",
            place="--at",
        )
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _as_json(found: Tick, changed: CarriedOut, headed: HeadsCarriedOut) -> dict[str, object]:
    return {
        "at": found.at.isoformat(),
        "counts": dict(found.counts),
        "to_call_back": found.to_call_back,
        "call_back_late": found.call_back_late,
        "resumed": list(found.resumed),
        "refreshed": found.refreshed,
        "grid_changes": [one.id for one in changed.done],
        "grid_changes_stuck": {one.id: why for one, why in changed.stuck},
        "heads": [one.id for one in headed.done],
        "heads_stuck": {one.id: why for one, why in headed.stuck},
        "due": [
            {
                "duty": one.duty,
                "request": one.request,
                "due_at": one.due_at.isoformat(),
                "holder": f"{one.holder_kind}:{one.holder}",
                "level": one.level,
                "grid": one.grid,
            }
            for one in found.due
        ],
    }
