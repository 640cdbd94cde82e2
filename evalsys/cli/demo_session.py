"""A whole rehearsal without a person: the operator's steps, the panel's votes, the findings."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Protocol

import click

from evalsys.cli.demo_people import Answer, Operator
from evalsys.cli.demo_screen import Screen
from evalsys.clock import Clock

PLAN: Answer = {
    "title": "干部联系群众工作现场调查大会（彩排）",
    "rehearsal": True,
    "strata": "township",
    "target": 5,
    "attempts": 2,
    "gap_s": 1,
    "parallel": 3,
}
"""A rehearsal as the console's form would plan it; `slots` comes from the command line."""

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
    operator: Operator, screen: Screen, panel: Panel, watch: Stopwatch, now: Clock
) -> list[Answer]:
    """Play every slot of the operator's session and seal it; return the rounds as seen last."""
    with watch.measure("freeze"):
        operator.do("freeze")
        operator.do("publish")
    with watch.measure("ceremony"):
        operator.do("open_ceremony")
        operator.do("roll_master", digits="", again="")
    rounds: list[Answer] = []
    for j in range(1, operator.view["slots"] + 1):
        played = _play_round(operator, screen, panel, watch, now)
        rounds.append(played)
        _tell(j, operator.view["slots"], played)
    with watch.measure("close"):
        operator.do("close")
        operator.do("seal")
    return rounds


def _play_round(
    operator: Operator, screen: Screen, panel: Panel, watch: Stopwatch, now: Clock
) -> Answer:
    with watch.measure("draw"):
        j = operator.do("draw_next", digits="", again="")["round"]["j"]
        screen.wait(lambda view: _shows(view, j), STEP_WITHIN_S, f"大屏显示第 {j} 个号码")
    with watch.measure("answer"):
        operator.do("record_presence", presence=_PRESENCES[j % len(_PRESENCES)])
    with watch.measure("calls"):
        operator.do("open_calls")
        screen.wait(
            lambda view: _shows(view, j) and view["round"]["calls_end"] is not None,
            CALLS_WITHIN_S,
            f"第 {j} 轮连线结束",
        )
    with watch.measure("vote"):
        operator.look()
        operator.do("open_vote")
        panel.vote(j, operator.view["round"]["contradictions"])
        operator.do("close_vote")
    with watch.measure("verdict"):
        _judge(operator, now())
    current: Answer = operator.view["round"]
    return current


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


def _tell(j: int, slots: int, played: Answer) -> None:
    votes = played["votes"]
    click.echo(
        f"  {j:>2}/{slots}  {played['cadre']} {played['name']}  "
        f"完成 {played['completed']}/{played['target']} 户，不一致 {played['contradictions']}，"
        f"满意 {votes['satisfied']}/{votes['seats']}，认定 {played['verdict']}"
    )
