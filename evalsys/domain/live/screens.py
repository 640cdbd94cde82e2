"""Screens that show a session: which are there, how far behind, and what a sub-venue reports.

They are not part of the record: a screen tells its name again whenever it connects.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import Phase
from evalsys.errors import InvalidInput
from evalsys.ids import LiveId

LATE_AFTER = timedelta(seconds=2)
"""A screen that is further behind is red on the wall."""
SILENT_AFTER = timedelta(seconds=7)
"""So long without a word, and a screen counts as cut off: it speaks every two seconds."""
MOST_SCREENS = 200
"""Of one session; the ones gone longest make room first."""

_NAME = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff _.-]{0,23}")
_OFF_AIR = frozenset({Phase.PLANNED, Phase.FROZEN, Phase.CLOSED, Phase.SEALED})


class Standing(StrEnum):
    """How a screen is, in one word."""

    GOOD = "good"
    LATE = "late"
    """It shows an older picture than it should, or needed more than two seconds for the last."""
    HIDDEN = "hidden"
    """Its window lies behind another, so that it paints nothing."""
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Report:
    """What the clerk of a sub-venue tells the hall."""

    present: int = 0
    """People in the room."""
    picture: bool = False
    sound: bool = False
    asks: bool = False
    """Somebody there asks to speak."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest event that screens were told of, and when."""

    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Screen:
    """One screen, as it told of itself and as it was heard."""

    live: LiveId
    kind: ScreenKind
    name: str
    build: str
    width: int
    height: int
    since: datetime
    heard_at: datetime
    id: int = 0
    """Given when it is taken in."""
    seq: int = 0
    """Number of the event whose picture it painted last."""
    took: timedelta = timedelta(0)
    """From the announcement of that event until the screen said that it had painted it."""
    hidden: bool = False
    gone: bool = False
    report: Report | None = None
    lacks: str | None = None
    """Characters of the roster that it cannot draw in our font; None while it has not tried."""

    def lag(self, head: Head | None, now: datetime) -> timedelta:
        """Say how far the screen is behind: how long it lacks the newest event, or lacked it."""
        if head is None or self.seq >= head.seq:
            return self.took
        return now - max(head.at, self.since)

    def standing(self, head: Head | None, now: datetime) -> Standing:
        """Judge the screen."""
        if self.gone or now - self.heard_at > SILENT_AFTER:
            return Standing.GONE
        if self.hidden:
            return Standing.HIDDEN
        return Standing.LATE if self.lag(head, now) > LATE_AFTER else Standing.GOOD


def screen_name(typed: object) -> str:
    """Return the name of a screen as people call it: "舞台左", "LED-1".

    Raises:
        InvalidInput: it is empty, too long, or has signs that no label could show.
    """
    name = typed.strip() if isinstance(typed, str) else ""
    if not _NAME.fullmatch(name):
        raise InvalidInput(
            "屏幕名称应为 1 到 24 个汉字、字母或数字，中间可用空格、短横、下划线和点。",
            remedy="例如：舞台左、LED-1、提示屏。",
            place="name",
        )
    return name


def may_identify(phase: Phase, *, on_air: bool, rehearsal: bool) -> bool:
    """Whether a screen may show its own name now: never over what viewers are watching."""
    return not on_air or rehearsal or phase in _OFF_AIR
