"""Ranks 职级 of cadres, as an order, and the staff types that have them (Y02, Y11)."""

from enum import IntEnum, StrEnum
from typing import Final


class RankBand(IntEnum):
    """What a rank counts as when somebody must be "of deputy-section rank and above"."""

    STAFF = 0
    """办事员、科员 and the posts of public institutions below deputy section."""
    DEPUTY_SECTION = 1
    """副科级."""
    SECTION = 2
    """正科级."""
    DEPUTY_DIVISION = 3
    """副处级: deputies to the head of county."""
    DIVISION = 4
    """正处级: head and party secretary of county."""


class StaffType(StrEnum):
    """Civil servants and public-institution staff, who have different grade vocabularies."""

    CIVIL_SERVANT = "公务员"
    INSTITUTION = "事业"


OUTSIDE_THE_ROSTER: Final = ("一线教师", "一线医生")
"""Frontline teachers and doctors are not linked to households and stay out (Y02)."""

RANKS: Final[dict[str, RankBand]] = {
    "办事员": RankBand.STAFF,
    "科员": RankBand.STAFF,
    "二级科员": RankBand.STAFF,
    "一级科员": RankBand.STAFF,
    "试用人员": RankBand.STAFF,
    "专业技术人员": RankBand.STAFF,
    "管理九级": RankBand.STAFF,
    "管理十级": RankBand.STAFF,
    "工勤人员": RankBand.STAFF,
    "副科级": RankBand.DEPUTY_SECTION,
    "四级主任科员": RankBand.DEPUTY_SECTION,
    "三级主任科员": RankBand.DEPUTY_SECTION,
    "管理八级": RankBand.DEPUTY_SECTION,
    "正科级": RankBand.SECTION,
    "二级主任科员": RankBand.SECTION,
    "一级主任科员": RankBand.SECTION,
    "管理七级": RankBand.SECTION,
    "副处级": RankBand.DEPUTY_DIVISION,
    "副县级": RankBand.DEPUTY_DIVISION,
    "四级调研员": RankBand.DEPUTY_DIVISION,
    "三级调研员": RankBand.DEPUTY_DIVISION,
    "正处级": RankBand.DIVISION,
    "正县级": RankBand.DIVISION,
    "二级调研员": RankBand.DIVISION,
    "一级调研员": RankBand.DIVISION,
}
"""Every rank that a roster may name, lowest first, and its band."""


def is_at_least(rank: str, least: str) -> bool:
    """Say whether `rank` is in the band of `least` or above; both must be keys of `RANKS`."""
    return RANKS[rank] >= RANKS[least]
