"""`evalsys export protocol` and `evalsys export agenda`: papers and sheets of live sessions."""

import io
import os
from datetime import datetime
from pathlib import Path

import click

from evalsys.cli.database import opened_database
from evalsys.cli.day import Day
from evalsys.cli.rooms_apart import agendas, followed_up
from evalsys.cli.whole_file import whole_or_nothing
from evalsys.clock import utc_now
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput, NotFound
from evalsys.exports.agenda import agenda_table
from evalsys.exports.csv import write_csv
from evalsys.exports.protocol import protocol_pdf
from evalsys.ids import LiveId, is_id
from evalsys.say import say
from evalsys.settings import read_settings


@click.command("protocol")
@click.argument("session")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 PDF 文件；已有的会被替换 · PDF to write, replaced if it exists",
)
def protocol(session: str, out: Path) -> None:
    """会议纪要（PDF）· the protocol of a session as PDF.

    SESSION 是会议网址里的 32 位标识。内容与网页上的会议纪要相同；屏幕上不公布的分数，纪要里也没有。

    SESSION is the 32 hex digits in the session's address. It says what the page of the protocol
    says; a figure that is hidden on screens is not in it.
    """
    if not is_id(session):
        raise InvalidInput(
            f"“{session[:40]}”不是会议编号。", remedy="请从会议网址中复制。", place="SESSION"
        )
    live, settings = LiveId(session), read_settings(os.environ)
    with opened_database(settings) as database, whole_or_nothing(out) as part:
        sessions, room = followed_up(database)
        state = sessions.state(live)
        if not state.version:
            raise NotFound("没有这场会议。", remedy="请核对会议编号。")
        part.write(
            protocol_pdf(session, state, room.cards(state), sessions.events(live), settings.zone)
        )
    say(f"已写出 {out}。")


@click.command("agenda")
@click.option(
    "--due",
    type=Day(),
    help="到哪天为止到期的承诺，默认今天 · pledges due by this day, today by default",
)
@click.option("--rehearsal", is_flag=True, help="彩排中的承诺 · pledges of rehearsals")
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="写到哪个 CSV 文件 · CSV to write, replaced if it exists",
)
def agenda(due: datetime | None, out: Path, *, rehearsal: bool) -> None:
    """承诺回头看：到期的承诺排成议程 · pledges that fell due, as the agenda of a later assembly.

    写出的表可以直接用 evalsys import agenda 导入。 · The sheet is what `import agenda` reads.
    """
    settings = read_settings(os.environ)
    with opened_database(settings) as database, whole_or_nothing(out) as part:
        room = agendas(settings, database)
        day = due.date() if due else local_date(utc_now(), settings.zone)
        issues = room.due_issues(day, rehearsal=rehearsal)
        written = io.BytesIO()
        write_csv(agenda_table(issues), written)
        part.write(written.getvalue())
    say(f"已写出 {out}：{len(issues)} 个议题。")
