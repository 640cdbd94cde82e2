"""What happens in a pledge assembly 承诺大会 and in no other session (Y69).

Read with `events`, whose rules hold here too. Its pledges are `PledgeMade`, as everywhere.
"""

from dataclasses import dataclass

from evalsys.domain.agenda import Issue


@dataclass(frozen=True, slots=True)
class AgendaSet:
    """The agenda is this now, in place of whatever it was; it has to be published again."""

    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class AgendaPublished:
    """Everybody may read the agenda; `sha256` is of agenda.json."""

    sha256: str


@dataclass(frozen=True, slots=True)
class AgendaOrdered:
    """In which order the issues are called: numbers of the published agenda, each once."""

    order: tuple[int, ...]
    drawn: bool
    """Whether dice decided; else the order is the agenda's own."""


@dataclass(frozen=True, slots=True)
class IssueCalled:
    """Issue `n` of the agenda is on stage as the `j`-th, from 1; its speaker answers."""

    j: int
    n: int


@dataclass(frozen=True, slots=True)
class IssueLeft:
    """Nothing was promised on the spot, and why; a later pledge takes its place."""

    j: int
    reason: str


AgendaEvent = AgendaSet | AgendaPublished | AgendaOrdered | IssueCalled | IssueLeft
