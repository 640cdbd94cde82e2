"""What follows from a round, entered by the recorder while the show runs on.

None of these is a step of the show: no operator's key goes stale by them.
"""

from dataclasses import dataclass

from evalsys.domain.live.words import TeamCategory
from evalsys.domain.panel import Choice


@dataclass(frozen=True, slots=True)
class ChairDeclared:
    """The chair 一把手 stated an opinion, after the panel's count was public (L29).

    It is no vote: it stands beside the count and changes nothing in it.
    """

    j: int
    choice: Choice


@dataclass(frozen=True, slots=True)
class Recused:
    """Somebody of the standby list who stood aside 回避, and why."""

    category: TeamCategory
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class CaseReferred:
    """What looks faked was handed to discipline inspection 移送 (Y54, Y55)."""

    j: int
    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class FollowUpWithdrawn:
    """What the recorder had entered as event `of` was a mistake; both stay in the record."""

    j: int
    of: int
    reason: str


AfterEvent = ChairDeclared | CaseReferred | FollowUpWithdrawn
