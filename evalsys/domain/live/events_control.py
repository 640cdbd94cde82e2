"""What the director does to the pictures, not to the session: no step of the show is among these.

Read with `events`, whose rules hold here too. They stand in the record because a picture that was
dark, held or withheld is asked about afterwards, and because every screen must know it again after
a restart.
"""

from dataclasses import dataclass

from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import CheckItem, GoStep, Output, Phase, ShowCheck


@dataclass(frozen=True, slots=True)
class OutputsDarkened:
    """These outputs are black 黑场 until they are lit."""

    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class OutputsLit:
    """These outputs show the session again."""

    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class ScreenDarkened:
    """This one screen is black until it is lit, through reloads and restarts."""

    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class ScreenLit:
    """It shows what its kind shows again."""

    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class PauseCardShown:
    """Every output shows the card 技术暂停 with these words; the show is held meanwhile."""

    words: str


@dataclass(frozen=True, slots=True)
class PauseCardRemoved:
    """The card is gone from every output."""


@dataclass(frozen=True, slots=True)
class ShowHeld:
    """The director holds 保持 the show: no step, no further call; clocks keep their remainder."""


@dataclass(frozen=True, slots=True)
class ShowResumed:
    """The show goes on."""


@dataclass(frozen=True, slots=True)
class DelaySet:
    """From now on what is published for the web comes `seconds` late; 0 for at once.

    `shown` is the number of the last event that the web had shown by then: it never goes back.
    """

    seconds: int
    shown: int


@dataclass(frozen=True, slots=True)
class DelayDumped:
    """What waited in the delay will not be shown on the web: events behind `shown`, up to this.

    The record keeps them. The web stands still until the next step of the show.
    """

    shown: int
    why: str


@dataclass(frozen=True, slots=True)
class DirectorSeated:
    """Whoever is recorded as the actor directs from now on; `epoch` counts the seatings from 1."""

    epoch: int


@dataclass(frozen=True, slots=True)
class DirectorLeft:
    """Nobody holds the director's seat."""

    epoch: int


@dataclass(frozen=True, slots=True)
class StandbySet:
    """The director armed a step 待命; GO carries it out while the standby lasts."""

    step: GoStep


@dataclass(frozen=True, slots=True)
class StandbyCleared:
    """The director took the standby back."""


@dataclass(frozen=True, slots=True)
class SecondKeyTurned:
    """A second person agrees to the irreversible step on standby 第二把钥匙."""

    step: GoStep


@dataclass(frozen=True, slots=True)
class CueLine:
    """How long a part of the show is planned to take, and what the host says at its start."""

    phase: Phase
    seconds: int
    words: str


@dataclass(frozen=True, slots=True)
class RundownSet:
    """The plan of the show 流程表; `starts_at` is ISO with its offset, or empty."""

    starts_at: str
    lines: tuple[CueLine, ...]


@dataclass(frozen=True, slots=True)
class CheckConfirmed:
    """Whoever is recorded as the actor saw for themselves that this is in order."""

    item: CheckItem
    note: str


@dataclass(frozen=True, slots=True)
class CheckWaived:
    """The show may begin although this check is red 放行: what it said, and why nevertheless."""

    check: ShowCheck
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class WaiverSeconded:
    """A second person agrees that the show begins although this check is red."""

    check: ShowCheck


@dataclass(frozen=True, slots=True)
class ScreenLinkIssued:
    """A screen on which nobody signs in was given its link."""

    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class ScreenLinkRevoked:
    """That link opens nothing any more; the same screen can be given another."""

    kind: ScreenKind
    name: str


ControlEvent = (
    OutputsDarkened
    | OutputsLit
    | ScreenDarkened
    | ScreenLit
    | PauseCardShown
    | PauseCardRemoved
    | ShowHeld
    | ShowResumed
    | DelaySet
    | DelayDumped
    | DirectorSeated
    | DirectorLeft
    | StandbySet
    | StandbyCleared
    | SecondKeyTurned
    | RundownSet
    | CheckConfirmed
    | CheckWaived
    | WaiverSeconded
    | ScreenLinkIssued
    | ScreenLinkRevoked
)
