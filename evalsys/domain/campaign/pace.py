"""How many calls may be placed now: a token bucket for the pace, and the free lines."""

from dataclasses import dataclass
from datetime import datetime

from evalsys.domain.campaign.forecast import Trunk


@dataclass(frozen=True, slots=True)
class Bucket:
    """Calls that may be placed at once; refilled at the trunk's pace, at most for a second."""

    tokens: float
    at: datetime


def grant(
    bucket: Bucket, trunk: Trunk, now: datetime, *, in_use: int, live: int
) -> tuple[int, Bucket]:
    """Say how many calls may be placed now, and how the bucket stands.

    Args:
        bucket: how it stood.
        trunk: lines, reserve, and pace.
        now: the present; a clock that was set back refills nothing.
        in_use: calls of campaigns under way.
        live: calls of live sessions under way; beyond the reserve they take lines from us.
    """
    pace = float(trunk.calls_a_second)
    passed = max(0.0, (now - bucket.at).total_seconds())
    tokens = min(bucket.tokens + passed * pace, max(1.0, pace))
    free = trunk.channels - max(trunk.reserved, live) - in_use
    return max(0, min(int(tokens), free)), Bucket(tokens, now)


def spent(bucket: Bucket, calls: int) -> Bucket:
    """Take the tokens of the calls that are placed."""
    return Bucket(bucket.tokens - calls, bucket.at)
