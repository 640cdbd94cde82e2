"""A calling campaign: what it is about, under which rules it runs, and what may become of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from evalsys.domain.campaign.calendar import (
    WINDOWS,
    Calendar,
    Window,
    check_windows,
    read_window,
)
from evalsys.domain.campaign.policy import MOST_ATTEMPTS, Policy
from evalsys.errors import InvalidInput, WrongPhase
from evalsys.ids import CampaignId


class Kind(StrEnum):
    """What a campaign is for; each has an interview script of the same name."""

    ANNUAL = "annual"
    """年度群众评议: every linked household, once a year (Y57)."""
    APPOINTMENT = "appointment"
    """任前群众评议: all linked households of whoever is to be appointed (Y63-Y65)."""
    PLEDGE = "pledge"
    """承诺回访: whether what was promised in public was kept."""
    DEPARTMENT = "department"
    """部门抽查: households that were drawn judge a department's work (Y38, Y39)."""
    CALLBACK = "callback"
    """办结回访: whether a request that was closed as solved is solved, says its household (Y54)."""
    POLL = "poll"
    """群众点菜: the households of a grid are asked the question of a project poll's stage (G05)."""


class State(StrEnum):
    """Where a campaign stands."""

    PLANNED = "planned"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    """Ended by decision; what is open stays open and is coded as it stands."""
    DONE = "done"
    """Ended because nobody is left to call."""


MOST_ANSWERS = 1_000_000
"""No quota is larger."""

OVER = frozenset({State.STOPPED, State.DONE})
_WAYS: Mapping[State, frozenset[State]] = {
    State.PLANNED: frozenset({State.RUNNING, State.STOPPED}),
    State.RUNNING: frozenset({State.PAUSED, State.STOPPED, State.DONE}),
    State.PAUSED: frozenset({State.RUNNING, State.STOPPED}),
    State.STOPPED: frozenset(),
    State.DONE: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers that a campaign runs under, recorded with it."""

    policy: Policy = field(default_factory=Policy)
    windows: tuple[Window, ...] = WINDOWS
    quota: int = 0
    """Answers a cadre needs; then nobody new is called about that cadre. 0 means all."""
    sends_links: bool = False
    """Whether a household that was never reached gets a link by short message."""
    unit_quota: int = 0
    """Answers a unit needs, all its cadres together."""
    township_quota: int = 0
    links_first: bool = False
    """Whether everybody with a mobile number gets a link first, and is called a day later."""

    @property
    def quotas(self) -> Mapping[str, int]:
        """How many answers are enough in each group of cases; 0 means all."""
        return {"about": self.quota, "unit": self.unit_quota, "township": self.township_quota}

    def calendar(self, zone: ZoneInfo, holidays: frozenset[date]) -> Calendar:
        """Return the calling hours under these rules."""
        return Calendar(zone, self.windows, holidays)


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign."""

    id: CampaignId
    kind: Kind
    title: str
    state: State
    script: str
    """Identity of the interview script, pinned when it was planned."""
    rules: Rules
    about: str = ""
    """What households are asked about, as spoken, when it is not a cadre."""
    pledge: str = ""


def check_may_become(state: State, wanted: State) -> None:
    """Insist that a campaign in `state` may become `wanted`.

    Raises:
        WrongPhase: it may not.
    """
    if wanted not in _WAYS[state]:
        raise WrongPhase(
            f"活动现在是“{STATE_WORDS[state]}”，不能改为“{STATE_WORDS[wanted]}”。",
            remedy="请刷新页面，或用 evalsys campaign status 看看活动现在的状态。",
        )


STATE_WORDS: Mapping[State, str] = {
    State.PLANNED: "已计划",
    State.RUNNING: "进行中",
    State.PAUSED: "已暂停",
    State.STOPPED: "已停止",
    State.DONE: "已完成",
}


def check_rules(rules: Rules) -> Rules:
    """Return the rules.

    Raises:
        InvalidInput: a household could be called too often, or not at all.
    """
    policy = rules.policy
    check_windows(rules.windows)
    if not 1 <= policy.most_attempts <= MOST_ATTEMPTS:
        raise InvalidInput(
            f"每户最多拨打 1 到 {MOST_ATTEMPTS} 次：{policy.most_attempts}。",
            remedy="请改小次数。",
            place="most_attempts",
        )
    if not 1 <= policy.least_days <= policy.most_attempts:
        raise InvalidInput(
            f"拨打天数应在 1 与拨打次数之间：{policy.least_days}。",
            remedy="每天至少要拨一次，才能分散到这么多天。",
            place="least_days",
        )
    for quota in rules.quotas.values():
        if not 0 <= quota <= MOST_ANSWERS:
            remedy = f"请填 0 到 {MOST_ANSWERS}；0 表示不限。"
            raise InvalidInput(f"配额不可用：{quota}。", remedy=remedy, place="quota")
    return rules


def write_rules(rules: Rules) -> str:
    """Write rules as JSON, spans of time in seconds."""
    policy = {
        each.name: int(value.total_seconds()) if isinstance(value, timedelta) else value
        for each in fields(Policy)
        for value in (getattr(rules.policy, each.name),)
    }
    windows = [f"{window.opens:%H:%M}-{window.closes:%H:%M}" for window in rules.windows]
    return json.dumps(
        {
            "policy": policy,
            "windows": windows,
            "quota": rules.quota,
            "sends_links": rules.sends_links,
            "unit_quota": rules.unit_quota,
            "township_quota": rules.township_quota,
            "links_first": rules.links_first,
        }
    )


def read_rules(text: str) -> Rules:
    """Read what `write_rules` wrote."""
    table = json.loads(text)
    usual = Policy()
    policy: dict[str, Any] = {
        name: timedelta(seconds=value) if isinstance(getattr(usual, name), timedelta) else value
        for name, value in table["policy"].items()
    }
    windows = tuple(read_window(each) for each in table["windows"])
    return Rules(
        Policy(**policy),
        windows,
        table["quota"],
        table["sends_links"],
        table.get("unit_quota", 0),
        table.get("township_quota", 0),
        links_first=table.get("links_first", False),
    )
