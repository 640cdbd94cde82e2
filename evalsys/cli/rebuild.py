"""`evalsys rebuild`: check every session's record and make the list of sessions anew from it."""

import json

import click

from evalsys.cli.database import opened_database
from evalsys.ids import LiveId
from evalsys.services.rebuild import rebuild


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

    with opened_database() as database:
        rebuild(database, report)
    click.echo(json.dumps(found) if as_json else f"共 {len(found)} 场会议 · sessions")
