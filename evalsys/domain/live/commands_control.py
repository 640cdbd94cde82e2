"""What the director, a second key and the checklist want; `by` is who is signed in.

Read with `commands`. None of them is a step of the show, so none of them is ever stale.
"""

from collections.abc import Collection
from dataclasses import dataclass

from evalsys.domain.live.events_control import CueLine
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import CheckItem, GoStep, Output, ShowCheck


@dataclass(frozen=True, slots=True)
class DarkenOutputs:
    """Black out these outputs at once."""

    outputs: Collection[Output]


@dataclass(frozen=True, slots=True)
class LightOutputs:
    """Show these outputs again."""

    by: str
    outputs: Collection[Output]


@dataclass(frozen=True, slots=True)
class DarkenScreen:
    """Black out one screen, whatever the others of its kind show."""

    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class LightScreen:
    """Let one screen show what its kind shows."""

    by: str
    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class ShowPauseCard:
    """Put the card 技术暂停 on every output; empty words for the usual ones."""

    words: str


@dataclass(frozen=True, slots=True)
class RemovePauseCard:
    """Take the card away."""

    by: str


@dataclass(frozen=True, slots=True)
class HoldShow:
    """Hold the show."""


@dataclass(frozen=True, slots=True)
class ResumeShow:
    """Let it go on."""

    by: str


@dataclass(frozen=True, slots=True)
class SetDelay:
    """Let the web come `seconds` late; `shown` is how far it has come by now."""

    by: str
    seconds: int
    shown: int


@dataclass(frozen=True, slots=True)
class DumpDelay:
    """Withhold from the web what it has not shown; `shown` is how far it has come by now."""

    shown: int
    why: str


@dataclass(frozen=True, slots=True)
class TakeSeat:
    """Direct from now on; `epoch` is the seating that `by` saw, 0 for none."""

    by: str
    epoch: int


@dataclass(frozen=True, slots=True)
class LeaveSeat:
    """Give the director's seat up."""

    by: str


@dataclass(frozen=True, slots=True)
class SetStandby:
    """Arm a step."""

    by: str
    step: GoStep


@dataclass(frozen=True, slots=True)
class ClearStandby:
    """Take the standby back."""

    by: str


@dataclass(frozen=True, slots=True)
class TurnSecondKey:
    """Agree, as a second person, to the step on standby."""

    by: str
    step: GoStep


@dataclass(frozen=True, slots=True)
class SetRundown:
    """Plan how long each part takes."""

    by: str
    starts_at: str
    lines: tuple[CueLine, ...]


@dataclass(frozen=True, slots=True)
class ConfirmCheck:
    """Say that something no program can see is in order."""

    item: CheckItem
    note: str


@dataclass(frozen=True, slots=True)
class WaiveCheck:
    """Let the show begin although a check is red; `says` is what it said."""

    by: str
    check: ShowCheck
    says: str
    why: str


@dataclass(frozen=True, slots=True)
class SecondWaiver:
    """Agree to it, as a second person."""

    by: str
    check: ShowCheck


@dataclass(frozen=True, slots=True)
class IssueScreenLink:
    """Note that a screen was given its link."""

    kind: ScreenKind
    name: str


@dataclass(frozen=True, slots=True)
class RevokeScreenLink:
    """Let a screen's link open nothing any more."""

    kind: ScreenKind
    name: str


ControlCommand = (
    DarkenOutputs
    | LightOutputs
    | DarkenScreen
    | LightScreen
    | ShowPauseCard
    | RemovePauseCard
    | HoldShow
    | ResumeShow
    | SetDelay
    | DumpDelay
    | TakeSeat
    | LeaveSeat
    | SetStandby
    | ClearStandby
    | TurnSecondKey
    | SetRundown
    | ConfirmCheck
    | WaiveCheck
    | SecondWaiver
    | IssueScreenLink
    | RevokeScreenLink
)
