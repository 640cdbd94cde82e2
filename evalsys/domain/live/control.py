"""How the director has the pictures: dark, held, delayed, by whom; orthogonal to the phase."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from evalsys.domain.live.events_control import RundownSet
from evalsys.domain.live.screen_kinds import ScreenKind
from evalsys.domain.live.words import IRREVERSIBLE, CheckItem, GoStep, Output, Phase, ShowCheck

STANDBY_LASTS = timedelta(seconds=10)
"""A standby that nobody follows with GO disarms itself."""
KEYS_LAST = timedelta(seconds=60)
"""An irreversible step waits longer, since a second person has to turn a key first."""


@dataclass(frozen=True, slots=True)
class PauseCard:
    """The card 技术暂停 that every output shows."""

    words: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Director:
    """Who holds the director's seat 导播席, and from whom it was taken."""

    name: str
    since: datetime
    taken_from: str = ""


@dataclass(frozen=True, slots=True)
class Standby:
    """A step that is armed."""

    step: GoStep
    by: str
    since: datetime
    second_key: str = ""
    """Who turned the second key; empty while nobody did."""

    @property
    def ends_at(self) -> datetime:
        """When it disarms itself."""
        return self.since + (KEYS_LAST if self.step in IRREVERSIBLE else STANDBY_LASTS)


@dataclass(frozen=True, slots=True)
class Airing:
    """What the web may show: how late it comes, and what was dumped before it aired."""

    delay_s: int = 0
    shown: int = 0
    """The web had shown at least the events up to this number, and never goes back."""
    withheld: tuple[tuple[int, int], ...] = ()
    """First and last number of each stretch that was dumped."""
    stands: bool = False
    """Whether the web stands still, since a dump, until the next step of the show."""
    lifted_by: int = 0
    """Number of the step that let the web go on after the last dump; 0 for none."""

    def is_withheld(self, seq: int) -> bool:
        """Whether event number `seq` was dumped."""
        return any(first <= seq <= last for first, last in self.withheld)


@dataclass(frozen=True, slots=True)
class Mark:
    """A part of the show began: the phase of round `j`, 0 outside rounds."""

    phase: Phase
    j: int
    at: datetime
    held_s: int = 0
    """Seconds of it during which the show was held."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who saw that something is in order, and when."""

    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """Who lets the show begin although a check is red, why, and who agreed."""

    by: str
    says: str
    why: str
    second: str = ""
    """Empty while nobody agreed: then it lets nothing begin."""


@dataclass(frozen=True, slots=True)
class IssuedLink:
    """The link of one screen: who gave it out and when, and who took it back."""

    by: str
    at: datetime
    n: int = 0
    """How many links the same screen had before."""
    revoked_by: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """Show control 导播控制 of one session."""

    dark: frozenset[Output] = frozenset()
    dark_screens: frozenset[tuple[ScreenKind, str]] = frozenset()
    """Single screens that are black, by kind and name, whatever their kind shows."""
    card: PauseCard | None = None
    curtains: int = 0
    """How often an output was darkened or lit, or a card shown or removed: a screen obeys the
    newest word about it, whichever way it came."""
    held: bool = False
    halted_since: datetime | None = None
    """Since when the show stands, held or behind the card; clocks keep their remainder."""
    airing: Airing = field(default_factory=Airing)
    director: Director | None = None
    epoch: int = 0
    """How often the director's seat was taken."""
    standby: Standby | None = None
    rundown: RundownSet = field(default_factory=lambda: RundownSet("", ()))
    marks: tuple[Mark, ...] = ()
    """When each part of the show began, in order."""
    confirmed: Mapping[CheckItem, Confirmed] = field(default_factory=dict)
    waived: Mapping[ShowCheck, Waiver] = field(default_factory=dict)
    links: Mapping[tuple[ScreenKind, str], IssuedLink] = field(default_factory=dict)
    """By kind and name of the screen."""

    @property
    def is_halted(self) -> bool:
        """Whether the show stands: it is held, or behind the card."""
        return self.halted_since is not None

    def armed(self, at: datetime) -> Standby | None:
        """The step on standby at `at`, if it has not disarmed itself."""
        return self.standby if self.standby and at < self.standby.ends_at else None
