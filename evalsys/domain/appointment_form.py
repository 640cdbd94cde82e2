"""The appointment form 干部任免审批表 as this system reads and completes it (Y57-Y65).

Its 年度考核结果 holds statutory grades. What we add says by name that it is the local grade of
contact work, so it can never be taken for one of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from evalsys.domain.assessment import AnnualResult, show_tenths
from evalsys.domain.personnel import Appraisal

NAME = "XingMing"
POST = "XianRenZhiWu"
YEARLY_RESULT = "NianDuKaoHeJieGuo"
REASON = "RenMianLiYou"
FAMILY = "JiaTingChengYuan"
MEMBER = "Item"
IDENTITY = "ShenFenZheng"
PHOTOGRAPH = "ZhaoPian"
FILLED_IN_ON = "TianBiaoShiJian"

_LOCAL = "联系群众考核"
_APPRAISAL = "任前群众评议"
_DECISION = "决定"


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form: its element, its name, and where national standards place it.

    `code` is the item of the cadres' information standard, `code_set` the set of codes from
    which its value is taken; both are empty where we know of none.
    """

    element: str
    name: str
    code: str = ""
    code_set: str = ""


@dataclass(frozen=True, slots=True)
class AppointmentForm:
    """A form as it was read: values by element in the order of the file, family members apart."""

    values: Mapping[str, str]
    family: tuple[Mapping[str, str], ...]
    original: bytes

    @property
    def name(self) -> str:
        """Whose form it is."""
        return self.values.get(NAME, "")


def yearly_result(before: str, annual: AnnualResult) -> str:
    """Add the year's local grade to what stands in 年度考核结果; an earlier one of ours goes."""
    counts = f"联系{annual.linked}户、参评{annual.answered}户"
    if annual.grade is None:
        ours = f"{annual.year}年{_LOCAL}待核（地方等次，{annual.pending}）。"
    else:
        score = "" if annual.total_tenths is None else f"{show_tenths(annual.total_tenths)}分，"
        ours = f"{annual.year}年{_LOCAL}{annual.grade}（地方等次，{score}{counts}）。"
    return _joined(re.sub(rf"{annual.year}年{_LOCAL}[^。]*。", "", before), ours)


def appointment_reason(
    before: str, appraisal: Appraisal | None, decided: str, hide_below: int
) -> str:
    """Add the appraisal and the decision, in the words of who made it, to 任免理由.

    What fewer than `hide_below` households said is not written.
    """
    kept = re.sub(rf"〔(?:{_APPRAISAL}|{_DECISION})[^〕]*〕", "", before)
    ours = ""
    if appraisal is not None:
        satisfied = appraisal.satisfied_told(hide_below)
        few = appraisal.answered < hide_below
        told = f"满意户数{satisfied}" if few else f"满意{satisfied}户"
        counts = f"联系{appraisal.linked}户、参评{appraisal.answered}户、{told}"
        ours += f"〔{_APPRAISAL}{appraisal.held_on.isoformat()}：{counts}〕"
    if decided:
        ours += f"〔{_DECISION}：{decided.replace('〕', '）').replace('〔', '（')}〕"
    return _joined(kept, ours) if ours else before


def day_in_form(day: date) -> str:
    """Write a day as the form does: 20261126."""
    return day.strftime("%Y%m%d")


def _joined(before: str, ours: str) -> str:
    before = before.strip()
    if before and before[-1] not in "。；，〕":
        before += "。"
    return before + ours
