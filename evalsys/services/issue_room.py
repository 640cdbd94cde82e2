"""The room of common issues: what is said of them, and the work that finds them."""

from dataclasses import dataclass
from datetime import tzinfo

from evalsys.clock import Clock
from evalsys.ports import IssueLearner
from evalsys.services.issue_work import IssueWork
from evalsys.services.issues import Issues
from evalsys.store.database import Database


@dataclass(frozen=True, slots=True)
class IssueRoom:
    """Common issues, and the work list that they come from."""

    list: Issues
    work: IssueWork


def issue_room(database: Database, learner: IssueLearner, now: Clock, zone: tzinfo) -> IssueRoom:
    """Build the room; days are those of `zone`."""
    return IssueRoom(Issues(database, now, zone), IssueWork(database, learner, now))
