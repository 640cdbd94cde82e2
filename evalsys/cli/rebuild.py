"""`evalsys rebuild`: check every session's record and make the list of sessions anew from it."""

import json
import os

import click

from evalsys.cli.database import opened_database
from evalsys.clock import utc_now
from evalsys.ids import LiveId
from evalsys.services.casework_desk import CaseworkDesk
from evalsys.services.casework_tick import CaseworkTick
from evalsys.services.rebuild import rebuild
from evalsys.settings import read_settings
from evalsys.store.casework_policy import shipped_policy


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def command(*, as_json: bool) -> None:
    """核对并重建 · check each session's hash chain and rebuild what is derived from it.

    Exit codes: 0 every record is whole; 1 a record was altered (it is named).
    """
    found: list[dict[str, object]] = []

    def report(live: LiveId, events: int) -> None:
        found.append({"live": live, "events": events})
        if not as_json:
            click.echo(f"{live}  {events} 条记录，链条完整 · events, chain whole")

    settings = read_settings(os.environ)
    with opened_database(settings) as database:
        rebuild(database, report)
        desk = CaseworkDesk(database, shipped_policy(), utc_now, settings.zone)
        requests = CaseworkTick(desk).rebuild()
    if as_json:
        click.echo(json.dumps(found))
        return
    click.echo(f"共 {len(found)} 场会议 · sessions")
    click.echo(f"共 {requests:,} 件诉求 · requests")
