"""A whole rehearsal without a person: the operator's steps, the panel's votes, the findings."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import click

from evalsys.cli.demo_ceremony import ScriptedCeremony
from evalsys.cli.demo_people import Answer, Operator
from evalsys.cli.demo_screen import Screen
from evalsys.clock import Clock

PLAN: Answer = {
    "title": "干部联系群众工作现场调查大会",
    "rehearsal": True,
    "strata": "township",
    "target": 5,
    "attempts": 2,
    "gap_s": 1,
    "parallel": 3,
}
"""A rehearsal as the console's form would plan it; `slots` comes from the command line."""

PROGRAMME_PLAN: Answer = {
    "title": "部门项目群众评议大会",
    "kind": "programme",
    "target": 10,
}
"""What differs where households judge programmes; `programmes` are those of the county."""

CEREMONY_PLAN: Answer = {"min_delay_s": 15, "bind_margin_s": 5}
"""A rehearsal shortens the beacon's times, visibly; without a beacon they mean nothing."""

CALLS_WITHIN_S = 1800
STEP_WITHIN_S = 60
PLEDGE_FOR = timedelta(days=30)

_PRESENCES = ("in_person", "in_person", "by_phone", "in_person", "absent")
_TEAM = (
    ("discipline", "县纪检监察干部一名"),
    ("peoples_deputy", "县人大代表一名"),
    ("cppcc_member", "县政协委员一名"),
    ("mass_representative", "群众代表一名"),
)


class Panel(Protocol):
    """The panel in the hall."""

    def vote(self, j: int, contradictions: int) -> None:
        """Let every seat vote on round `j`."""

    def propose(self, n: int, cadre: str) -> None:
        """Let a seat of the media propose to name a cadre, for the `n`-th time."""


class Stopwatch:
    """Seconds a stage, added up over the rounds."""

    def __init__(self) -> None:
        """Start with nothing measured."""
        self.seconds: dict[str, float] = {}

    @contextmanager
    def measure(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to `stage`."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[stage] = self.seconds.get(stage, 0.0) + time.monotonic() - start


def play(
    operator: Operator,
    screen: Screen,
    panel: Panel,
    watch: Stopwatch,
    now: Clock,
    *,
    named: int = 0,
) -> list[Answer]:
    """Play every slot and seal the session; return the rounds as seen last.

    `named` cadres are named besides, each after one more slot, the rest after the last.
    """
    ceremony = ScriptedCeremony(operator, now)
    with watch.measure("freeze"):
        operator.do("freeze")
        ceremony.enrol()
        operator.do("publish")
    with watch.measure("ceremony"):
        operator.do("open_ceremony")
        ceremony.seed()
    rounds: list[Answer] = []
    for j in range(1, operator.view["slots"] + 1):
        with watch.measure("draw"):
            ceremony.draw()
            ceremony.order()
        rounds.append(_play_round(operator, screen, panel, watch, now))
        _tell(f"{j:>2}/{operator.view['slots']}", rounds[-1])
        due = named if j == operator.view["slots"] else min(j, named)
        while operator.view["named"] < due:
            n = operator.view["named"] + 1
            with watch.measure("name"):
                _name(operator, panel, n)
                ceremony.order()
            rounds.append(_play_round(operator, screen, panel, watch, now))
            _tell(f"点名 {n}", rounds[-1])
    with watch.measure("close"):
        operator.do("close")
        operator.do("seal")
    return rounds


def _play_round(
    operator: Operator, screen: Screen, panel: Panel, watch: Stopwatch, now: Clock
) -> Answer:
    j = operator.view["round"]["j"]
    screen.wait(lambda view: _shows(view, j), STEP_WITHIN_S, f"大屏显示第 {j} 轮")
    hears_cadres = operator.view["kind"] == "cadre"
    if hears_cadres:
        with watch.measure("answer"):
            operator.do("record_presence", presence=_PRESENCES[j % len(_PRESENCES)])
    with watch.measure("calls"):
        operator.do("open_calls")
        screen.wait(
            lambda view: _shows(view, j) and view["round"]["calls_end"] is not None,
            CALLS_WITHIN_S,
            f"第 {j} 轮连线结束",
        )
    with watch.measure("tally"):
        screen.wait(
            lambda view: _shows(view, j) and view["round"]["released"] is not None,
            STEP_WITHIN_S,
            f"第 {j} 轮评分开封",
        )
    operator.look()
    if hears_cadres:
        _vote_and_judge(operator, panel, watch, now)
    current: Answer = operator.view["round"]
    return current


def _vote_and_judge(operator: Operator, panel: Panel, watch: Stopwatch, now: Clock) -> None:
    j = operator.view["round"]["j"]
    with watch.measure("vote"):
        operator.do("open_vote")
        panel.vote(j, operator.view["round"]["contradictions"])
        operator.do("close_vote")
    with watch.measure("verdict"):
        _judge(operator, now())


def _name(operator: Operator, panel: Panel, n: int) -> None:
    """Let a seat propose somebody who was not on stage yet, and the operator take it (Y33)."""
    view = operator.look()
    on_stage = {one["cadre"] for one in [*view["past"], view["round"]] if one}
    lines = operator.see(f"/live/{operator.live}/bundle/roster.jsonl").text.splitlines()
    numbers = [json.loads(line)["cadre"] for line in lines]
    free = [number for number in numbers if number not in on_stage]
    panel.propose(n, free[(n * len(free)) // 7 % len(free)])
    house = operator.see(f"/console/{operator.live}/house.json").json()
    operator.do("take_proposal", proposal=house["proposals"][0]["id"])


def _judge(operator: Operator, now: datetime) -> None:
    """Give the finding that the answers point to, and what follows from it (Y53-Y55)."""
    verdict = operator.view["suggested"] or "not_done"
    current = operator.do("give_verdict", verdict=verdict)["round"]
    if verdict == "not_done":
        operator.do(
            "make_pledge",
            measure="逐户走访核实，对未解决的诉求拿出办法并当面答复",
            due_on=(now.astimezone(UTC) + PLEDGE_FOR).date().isoformat(),
            responsible=current["name"] or current["cadre"],
        )
    if verdict in {"accounts_differ", "faked_suspected"}:
        operator.do(
            "open_investigation",
            reason=f"{current['contradictions']} 户的说法与工作台账不一致",
            team=[{"category": category, "name": name} for category, name in _TEAM],
        )


def _shows(view: Answer, j: int) -> bool:
    return view.get("round") is not None and view["round"]["j"] == j


def _tell(place: str, played: Answer) -> None:
    votes = played["votes"]
    if votes is None:
        click.echo(
            f"  {place}  {played['cadre']} {played['name']}  "
            f"完成 {played['completed']}/{played['target']} 户，满意 {played['satisfied']}"
        )
        return
    click.echo(
        f"  {place}  {played['cadre']} {played['name']}  "
        f"完成 {played['completed']}/{played['target']} 户，不一致 {played['contradictions']}，"
        f"满意 {votes['satisfied']}/{votes['seats']}，认定 {played['verdict']}"
    )
