"""The names by which things are known on every floor."""

import re
import uuid
from typing import NewType

CadreNumber = NewType("CadreNumber", str)
"""Permanent public number of a cadre 干部编号, eight digits (Y34)."""

ProgrammeNumber = CadreNumber
"""Number of a unit's programme 项目: eight digits of which the first is 9, so that in the draw
it stands where a cadre's number stands."""

HouseholdCode = NewType("HouseholdCode", str)
"""Code of a household 联系户, digits; public, never a name or a phone."""

UnitCode = NewType("UnitCode", str)
GridCode = NewType("GridCode", str)
Stratum = NewType("Stratum", str)
"""A class of the draw, one capital letter and two digits: "T03"."""

LiveId = NewType("LiveId", str)
"""A live session 直播调查大会; 32 lower-case hex digits."""

CampaignId = NewType("CampaignId", str)
"""A calling campaign 电话评议活动; 32 lower-case hex digits."""

MemberId = NewType("MemberId", str)
"""One household's case in a campaign; 32 lower-case hex digits."""

AttemptId = NewType("AttemptId", str)
"""One dialling attempt; 32 lower-case hex digits, stands in the call's URLs."""


_ID = re.compile(r"[0-9a-f]{32}")


def is_id(text: str) -> bool:
    """Say whether `text` is shaped as identities are; asked of what comes from outside."""
    return _ID.fullmatch(text) is not None


def new_id() -> str:
    """Make a fresh identity, 32 lower-case hex digits. Only services call it."""
    return uuid.uuid4().hex
