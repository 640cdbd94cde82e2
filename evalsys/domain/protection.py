"""How far a household is shielded: some never stand in public, some are never called (G14).

The roster holds the measure, never its reason: what a household is, is nobody's business here.
"""

from collections.abc import Mapping
from enum import StrEnum


class Protection(StrEnum):
    """What is kept from a household."""

    NONE = ""
    OFF_AIR = "off_air"
    """不上直播: called like any other, never asked to speak in the hall."""
    NOT_LIVE = "not_live"
    """不参加直播: no live session calls it; campaigns, which have no audience, do."""
    NO_CALLS = "no_calls"
    """不打电话: nobody calls it; it may still call back, and be visited."""


WRITTEN: Mapping[str, Protection] = {
    "不上直播": Protection.OFF_AIR,
    "不参加直播": Protection.NOT_LIVE,
    "不打电话": Protection.NO_CALLS,
}
"""The measures as rosters write them."""

NOT_CALLED_LIVE = frozenset({Protection.NOT_LIVE, Protection.NO_CALLS})

_MILD_FIRST = (Protection.NONE, Protection.OFF_AIR, Protection.NOT_LIVE, Protection.NO_CALLS)


def weakens(measure: Protection, than: Protection) -> bool:
    """Say whether a measure keeps less from a household than another one."""
    return _MILD_FIRST.index(measure) < _MILD_FIRST.index(than)
