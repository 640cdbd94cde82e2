"""The demo's pledge assembly: sixteen units answer for common issues, with dates and numbers."""

import io
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path

import click

from evalsys.cli.demo_house import House
from evalsys.cli.demo_panel import ScriptedPanel
from evalsys.cli.demo_people import Answer, Operator
from evalsys.cli.demo_screen import Screen
from evalsys.cli.demo_session import STEP_WITHIN_S, Panel, Stopwatch
from evalsys.cli.demo_unattended import conclude, refusal_of, save_bundle
from evalsys.cli.demo_visitors import Line, Logins, columns
from evalsys.clock import Clock, utc_now
from evalsys.county.agenda import Answered, asked
from evalsys.domain.access import Role
from evalsys.exports.agenda import agenda_table
from evalsys.exports.csv import write_csv
from evalsys.ids import LiveId
from evalsys.store import roster

UNITS = 16
"""As many units as answered in Yishui (Y69)."""
PLAN: Answer = {"title": "群众诉求落实承诺大会（彩排）", "rehearsal": True, "kind": "assembly"}
_VOTES_EVERY = 4
"""Whether an answer is enough is asked of the panel now and then, as a host would."""
_ABSENT = 11
"""The speaker of this issue does not come."""


def prepare(house: House, operator: Operator, units: int, order: str) -> tuple[Answered, ...]:
    """Plan an assembly, hand its agenda in as a sheet, and publish it."""
    database = house.database()
    with database.read() as db:
        heads = roster.principals(db)
    database.close()
    answers = asked(heads, units)
    live = operator.plan(**PLAN, agenda_order=order)
    sheet = io.BytesIO()
    write_csv(agenda_table([one.issue for one in answers]), sheet)
    operator.see(f"/agenda/{live}")
    operator.send(f"/agenda/{live}/sheet", {"list": sheet.getvalue().decode("utf-8-sig")})
    operator.see(f"/console/{live}")
    operator.look()
    operator.do("publish_agenda")
    return answers


def play(
    operator: Operator,
    screen: Screen,
    panel: Panel,
    answers: tuple[Answered, ...],
    watch: Stopwatch,
    now: Clock,
) -> list[Answer]:
    """Play every issue and seal the assembly; return the issues as seen last."""
    by_title = {one.issue.title: one for one in answers}
    with watch.measure("ceremony"):
        operator.do("open_ceremony")
        if operator.view["phase"] == "ceremony":
            operator.do("roll_master")
    for j in range(1, len(answers) + 1):
        with watch.measure("answer"):
            current = operator.do("call_issue")["round"]
            screen.wait(partial(_shows, j), STEP_WITHIN_S, f"大屏显示议题 {j}")
            _answer(operator, by_title[current["issue"]["title"]], j, now)
        if j % _VOTES_EVERY == 0 and operator.view["round"]["pledges"]:
            with watch.measure("vote"):
                operator.do("open_vote")
                panel.vote(j, 0)
                operator.do("close_vote")
        _tell(j, len(answers), operator.view["round"])
    with watch.measure("close"):
        operator.do("close")
        operator.do("seal")
    issues: list[Answer] = operator.view["agenda"]["issues"]
    return issues


def play_unattended(
    house: House, logins: Logins, out: Path, units: int, order: str, watch: Stopwatch
) -> None:
    """Play an assembly and write its bundle, record, table, protocol and summary to `out`.

    Raises:
        OutsideFailure: a step failed, or the bundle does not verify.
    """
    operator = Operator(house.url)
    operator.sign_in(*logins[Role.OPERATOR])
    with watch.measure("agenda"):
        answers = prepare(house, operator, units, order)
    live = LiveId(operator.live)
    click.echo(f"承诺大会彩排 {live} · {house.url}/stage/{live}")
    panel = ScriptedPanel(operator, house.url, house.county.seed)
    with Screen(house.url, live, "console", operator.cookies) as screen, panel:
        issues = play(operator, screen, panel, answers, watch, utc_now)
    with watch.measure("export"):
        for name in ("record.json", "rounds.csv", "protocol.pdf"):
            (out / name).write_bytes(operator.see(f"/replay/{live}/{name}").content)
        save_bundle(house, live, out / "bundle")
    sealed = operator.view["head"]
    with watch.measure("verify"):
        refusal = refusal_of(house, out / "bundle", "--head", sealed)
    summary = {
        "live": live,
        "kind": "assembly",
        "issues": len(issues),
        "promised": sum(bool(one["pledges"]) for one in issues),
        "left": sum(bool(one["left"]) for one in issues),
        "order": [one["n"] for one in issues],
        "head": sealed,
    }
    conclude(out, summary, watch, refusal)


def open_to_visitors(house: House, logins: Logins, units: int, order: str) -> None:
    """Publish an agenda and tell where everything is."""
    operator = Operator(house.url)
    operator.sign_in(*logins[Role.OPERATOR])
    prepare(house, operator, units, order)
    live = operator.live
    lines: list[Line] = [
        ("控制台 console", f"{house.url}/console/{live}", " / ".join(logins[Role.OPERATOR])),
        ("议程 agenda", f"{house.url}/agenda/{live}", " / ".join(logins[Role.RECORDER])),
        ("大屏 stage", f"{house.url}/stage/{live}", "1920×1080，不用登录 · open to all"),
        ("播出字幕 overlay", f"{house.url}/overlay/{live}", "透明 · transparent"),
        ("提示屏 monitor", f"{house.url}/monitor/{live}", " / ".join(logins[Role.HOST])),
        ("记录台 recorder", f"{house.url}/followups/{live}", " / ".join(logins[Role.RECORDER])),
        ("公众页 public", f"{house.url}/live/{live}", "不用登录 · open to all"),
        ("承诺台账 promises", f"{house.url}/followups/", "不用登录 · open to all"),
    ]
    click.echo()
    click.secho("承诺大会彩排已就绪 · the assembly is ready", bold=True)
    click.echo(columns(lines))
    click.echo()
    click.echo("先开大屏，再在控制台按“下一步”。按 Ctrl-C 停止。")


def _answer(operator: Operator, one: Answered, j: int, now: Clock) -> None:
    if j == _ABSENT:
        operator.do("leave_issue", reason="答复人因公未到场，另行书面答复")
        return
    operator.do(
        "make_pledge",
        measure=one.measure,
        target=one.target.what,
        amount=one.target.amount,
        unit=one.target.unit,
        due_on=(now().astimezone(UTC) + timedelta(days=one.days)).date().isoformat(),
        responsible=one.issue.unit,
    )


def _shows(j: int, view: Answer) -> bool:
    return view.get("round") is not None and view["round"]["j"] == j


def _tell(j: int, n: int, played: Answer) -> None:
    votes = played["votes"]
    voted = f"，满意 {votes['satisfied']}/{votes['seats']}" if votes else ""
    made = [one["target"] for one in played["pledges"]]
    goal = "；".join(f"{one['what']} {one['amount']} {one['unit']}" for one in made)
    click.echo(
        f"  {j:>2}/{n}  {played['unit']} {played['name']}  {played['issue']['title']}："
        f"{goal or '当场未作承诺'}{voted}"
    )
