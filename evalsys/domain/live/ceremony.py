"""What the ceremony 抽签仪式 has come to: dice, signatures, rounds of the beacon (draw, 4-5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median_low

from evalsys.domain.beacon import (
    CHAINS,
    MAX_DELAY_S,
    MIN_AIRED_DELAY_S,
    MIN_AIRED_MARGIN_S,
    BeaconRules,
)
from evalsys.domain.live.events import Plan
from evalsys.domain.live.words import BeaconChoice, Clerk, Purpose, TypedAgain
from evalsys.domain.witness_keys import MAX_WITNESSES, WitnessKey, majority
from evalsys.errors import RuleViolation

LIFT_AFTER = timedelta(seconds=5)
"""From the call to the moment at which all rollers lift: time for a count of three."""
CLOCKS_APART_S = 30
"""Seconds by which the server's clock may differ from the witnesses' median."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A round of the beacon that was bound, and what it turned out to be."""

    purpose: Purpose
    j: int
    round: int
    round_time: datetime
    randomness: str = ""
    """Empty until the round is revealed."""
    seed: str = ""


@dataclass(frozen=True, slots=True)
class OpenLine:
    """The transcript's last line while witnesses may still sign it: nothing follows it yet."""

    line: int
    """From 0."""
    type: str
    signed: tuple[str, ...] = ()
    """Ids of the witnesses, in the order in which they signed."""


@dataclass(frozen=True, slots=True)
class DiceDue:
    """Which dice are to be rolled next."""

    purpose: Purpose
    j: int
    count: int


@dataclass(frozen=True, slots=True)
class Ceremony:
    """How far dice, signatures and beacon have come; part of the session's state."""

    witnesses: tuple[WitnessKey, ...] = ()
    """Sorted by id; as they stand in the manifest once it is published."""
    clerks: frozenset[Clerk] = frozenset()
    cups_at: datetime | None = None
    """When the rollers were called for the dice that are due."""
    typed: Mapping[Clerk, str] = field(default_factory=dict)
    """What each clerk typed for the dice that are due."""
    typed_again: TypedAgain | None = None
    """Why the dice that are due are typed once more."""
    rolled: str = ""
    """The digits that were recorded last."""
    rolled_at: datetime | None = None
    """When the master dice were recorded."""
    lines: int = 0
    """Lines of the transcript so far."""
    open_line: OpenLine | None = None
    bound: Bound | None = None
    """The round that was bound last."""

    @property
    def agreed(self) -> str:
        """The digits that both clerks typed alike; empty before."""
        typed = [self.typed.get(clerk, "") for clerk in Clerk]
        return typed[0] if typed[0] == typed[1] else ""

    @property
    def majority(self) -> int:
        """How many witnesses must sign each line of dice and each bind; 0 without witnesses."""
        return majority(len(self.witnesses))

    @property
    def missing(self) -> int:
        """How many signatures the last line still lacks."""
        return max(0, self.majority - len(self.open_line.signed)) if self.open_line else 0

    @property
    def waiting(self) -> Bound | None:
        """The bound round that is not revealed yet."""
        return self.bound if self.bound and not self.bound.randomness else None


def beacon_rules(plan: Plan) -> BeaconRules | None:
    """Give the rules of the beacon that a plan asks for; None for dice alone."""
    if plan.beacon is BeaconChoice.NONE:
        return None
    chain = next(one for one in CHAINS.values() if one.name == plan.beacon)
    return BeaconRules(chain, plan.min_delay_s, plan.bind_margin_s)


def ceremony_problems(plan: Plan) -> tuple[tuple[bool, str], ...]:
    """Say of everything that a plan says about the ceremony whether it is wrong, and how."""
    rules = beacon_rules(plan)
    return (
        (not 0 <= plan.witnesses <= MAX_WITNESSES, f"见证人应为 0 至 {MAX_WITNESSES} 名"),
        (not 1 <= plan.min_delay_s <= MAX_DELAY_S, f"骰子到信标轮次应为 1 至 {MAX_DELAY_S} 秒"),
        (
            not 1 <= plan.bind_margin_s <= plan.min_delay_s,
            "绑定到该轮产生至少 1 秒，且不超过骰子到信标轮次的秒数",
        ),
        (
            not plan.rehearsal and rules is not None and not rules.may_be_aired,
            f"正式会议的轮次须在骰子后 {MIN_AIRED_DELAY_S} 秒、绑定后 {MIN_AIRED_MARGIN_S} 秒以上",
        ),
    )


def witness_id(number: int) -> str:
    """Name the `number`-th witness: W01, so that ids sort as numbers do."""
    return f"W{number:02d}"


def check_clocks(ahead_s: Sequence[int]) -> None:
    """Refuse to go on while the server's clock differs from the witnesses'.

    `ahead_s` are the seconds by which each fresh witness clock is ahead of the server's.

    Raises:
        RuleViolation: their median is off by more than CLOCKS_APART_S; names the difference.
    """
    if not ahead_s:
        return
    ahead = median_low(ahead_s)
    if abs(ahead) <= CLOCKS_APART_S:
        return
    way = "慢" if ahead > 0 else "快"
    raise RuleViolation(
        f"服务器的时钟比见证人的时钟{way} {abs(ahead)} 秒，以见证人的时间为准。",
        remedy=f"请先校准服务器时钟，相差不超过 {CLOCKS_APART_S} 秒后再继续。",
    )


def dice_problem(typed: str, count: int) -> str:
    """Say what is wrong with digits as a clerk typed them, and where; empty when nothing is."""
    for place, sign in enumerate(typed, start=1):
        if sign in "0123456789":
            continue
        if sign.isspace():
            return f"第 {place} 位是空格"
        if sign.isdigit():
            return f"第 {place} 位“{sign}”不是半角数字"
        shown = sign if sign.isprintable() else "（看不见的字符）"
        return f"第 {place} 位“{shown}”不是数字"
    if len(typed) < count:
        return f"只有 {len(typed)} 位，少 {count - len(typed)} 位"
    if len(typed) > count:
        return f"有 {len(typed)} 位，多 {len(typed) - count} 位"
    return ""
