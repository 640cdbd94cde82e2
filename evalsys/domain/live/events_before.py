"""What happens before the ceremony: plan, freeze, objections, exclusions, manifest, opening.

Read with `events`, whose rules hold here too.
"""

from dataclasses import dataclass

from evalsys.domain.live.words import AgendaOrder, BeaconChoice, ObjectionKind, SessionKind
from evalsys.domain.manifest import ExclusionReason
from evalsys.ids import CadreNumber, ProgrammeNumber, Stratum


@dataclass(frozen=True, slots=True)
class Weight:
    """How many tickets somebody of this grid class or rank holds."""

    key: str
    weight: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What was decided when the session was planned; published in the manifest.

    What was added later has a default, which is what older records meant.
    """

    title: str
    rehearsal: bool
    strata: str
    """How the pot is divided: a word of `draw_strata.StrataKind`."""
    slots: int
    """How many cadres are drawn."""
    target: int
    """Completed household calls a round."""
    attempts: int
    gap_s: int
    parallel: int
    objection_hours: int = 0
    """How long anybody may object to the frozen roster before the manifest is published."""
    spare_recent: bool = False
    """Whether who was drawn on air within 180 days is excluded."""
    weigh_by: str = ""
    """By what tickets differ: a word of `draw_strata.WeighBy`."""
    weights: tuple[Weight, ...] = ()
    beacon: BeaconChoice = BeaconChoice.NONE
    """The chain whose rounds seal the dice, if any."""
    min_delay_s: int = 60
    """Seconds from the master dice to their round of the beacon."""
    bind_margin_s: int = 10
    """Seconds from binding a round to its existence."""
    witnesses: int = 0
    """How many witnesses 见证人 are invited to sign; 0 for none."""
    programmes: tuple[ProgrammeNumber, ...] = ()
    """Whose served households are drawn to judge them (Y38); empty when cadres are drawn."""
    two_keys: bool = False
    """Whether a step that nothing can take back wants a second person's key."""
    agenda: AgendaOrder | None = None
    """How the issues of a pledge assembly come in order; None for every other session (Y69)."""

    @property
    def kind(self) -> SessionKind:
        """What this session hears."""
        if self.agenda is not None:
            return SessionKind.ASSEMBLY
        return SessionKind.PROGRAMME if self.programmes else SessionKind.CADRE


@dataclass(frozen=True, slots=True)
class SessionPlanned:
    """The log begins."""

    plan: Plan


@dataclass(frozen=True, slots=True)
class RosterFrozen:
    """Nobody enters or leaves the pot any more; `sha256` is of roster.jsonl.

    It happens again only after an objection was upheld; the earlier hash stays in the record.
    """

    sha256: str
    root: str
    cadres: int
    households: int


@dataclass(frozen=True, slots=True)
class ObjectionRaised:
    """Somebody says that the frozen roster is wrong; what they wrote is kept apart."""

    n: int
    """Counts from 1."""
    cadre: CadreNumber
    kind: ObjectionKind


@dataclass(frozen=True, slots=True)
class ObjectionDecided:
    """An objection was upheld, so that the roster is frozen again, or dismissed; and why."""

    n: int
    upheld: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ExclusionEntered:
    """A cadre will be named in the manifest as left out of the pot, with the reason."""

    cadre: CadreNumber
    reason: ExclusionReason


@dataclass(frozen=True, slots=True)
class ExclusionWithdrawn:
    """A cadre will not be left out after all."""

    cadre: CadreNumber


@dataclass(frozen=True, slots=True)
class ManifestPublished:
    """The rules of this draw are public; `manifest` is its canonical JSON."""

    sha256: str
    manifest: str
    slots: tuple[Stratum, ...]


@dataclass(frozen=True, slots=True)
class CeremonyOpened:
    """The draw may begin; from now on there is no second attempt without a trace."""

    rehearsal: bool
