"""A small county that complains: requests whose common issue is known, and a learner in-process."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from evalsys.county.complaints import complaints, troubles
from evalsys.learning.classifier import learn
from evalsys.learning.clusters import micro_clusters
from evalsys.ports import Learned, Lesson, Unsaid
from evalsys.store.database import Database
from evalsys.store.schema import roster
from evalsys.store.schema.casework import CaseworkRequest
from tests import small_county

VILLAGES = ("371323001001001", "371323001001002")
FIRST = datetime(2026, 3, 1, 2, tzinfo=UTC)


class Learner:
    """Learns in this process: a test need not start another."""

    def cluster(self, texts: Sequence[str], unsaid: Unsaid, wanted: int) -> list[tuple[int, int]]:
        return micro_clusters(texts, unsaid, wanted)

    def learn(self, lesson: Lesson) -> Learned:
        return learn(lesson)


def settle(
    database: Database, count: int = 0, issues: Sequence[int] = (0, 30, 38, 60)
) -> list[int]:
    """Fill the roster and raise `count` requests R0000, R0001 … about some issues; give which."""
    small_county.settle(database)
    said = []
    if count:
        every = complaints(5, count * len(troubles()) // len(issues) * 2, ("柴山村", "石湾村"))
        said = [one for one in every if one.issue in issues][:count]
    with database.write() as db:
        db.add(
            roster.Grid(
                code=VILLAGES[1], name="石湾村", depth=4, parent="371323001001", grid_class=""
            )
        )
        db.flush()
        for number, one in enumerate(said):
            at = FIRST + timedelta(days=number % 90)
            db.add(
                CaseworkRequest(
                    code=f"R{number:04}",
                    grid=VILLAGES[number % 2],
                    kind="problem",
                    channel="visit",
                    text=one.text,
                    raised_at=at,
                    received_at=at,
                    taxonomy=0,
                    class_code="",
                    asked_kind="grid",
                    asked=VILLAGES[number % 2],
                )
            )
    return [one.issue for one in said]
