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
class PledgeMade:
    """A measure and a date, promised on the spot 限时承诺 (Y53); `due_on` is an ISO date."""

    j: int
    measure: str
    due_on: str
    responsible: str
    aside: bool = False
    """Entered by the recorder beside the show: no step of it."""
    target: str = ""
    """What is counted when the pledge falls due; in an assembly always said (Y69)."""
    amount: str = ""
    """How much of it: a positive decimal such as "12.5"."""
    unit: str = ""
    """Unit of measure of `amount`."""


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A member of an investigation team."""

    category: TeamCategory
    name: str
    drawn: bool = False
    """Whether the standby list's lot decided, not a person."""


@dataclass(frozen=True, slots=True)
class InvestigationOpened:
    """Accounts differ: a team of four categories goes out at once (Y54)."""

    j: int
    reason: str
    team: tuple[TeamMember, ...]
    aside: bool = False
    recused: tuple[Recused, ...] = ()


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


AfterEvent = ChairDeclared | PledgeMade | InvestigationOpened | CaseReferred | FollowUpWithdrawn
