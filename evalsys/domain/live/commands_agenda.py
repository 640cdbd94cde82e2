"""What somebody wants to happen in a pledge assembly 承诺大会 (Y69). Read with `commands`."""

from dataclasses import dataclass

from evalsys.domain.agenda import Issue


@dataclass(frozen=True, slots=True)
class SetAgenda:
    """Put this agenda in place of the present one, until the assembly opens."""

    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class PublishAgenda:
    """Let everybody read the agenda."""


@dataclass(frozen=True, slots=True)
class CallIssue:
    """Call the next issue of the order to the stage."""


@dataclass(frozen=True, slots=True)
class LeaveIssue:
    """Go on without a pledge of the issue on stage, for a reason that everybody reads."""

    reason: str


AgendaCommand = SetAgenda | PublishAgenda | CallIssue | LeaveIssue
