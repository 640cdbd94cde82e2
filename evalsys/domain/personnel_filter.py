"""Choosing some cadres of an evaluation: what the screen shows is what an export holds."""

from collections.abc import Iterator
from dataclasses import dataclass

from evalsys.domain.personnel_county import Assessed, Evaluation
from evalsys.domain.rulebook import Conclusion, SideResult
from evalsys.ids import UnitCode


@dataclass(frozen=True, slots=True)
class Filter:
    """Conditions that all must hold; an empty one asks for nothing."""

    conclusion: Conclusion | None = None
    side: SideResult | None = None
    unit: UnitCode | None = None
    township: str = ""
    search: str = ""
    """Part of a name, or the beginning of a number."""

    def choose(self, evaluation: Evaluation) -> Iterator[Assessed]:
        """Give the cadres that meet the conditions, in the order of the evaluation."""
        wanted = self.search.strip()
        for one in evaluation.assessed:
            if self.conclusion not in {None, one.verdict.conclusion}:
                continue
            if self.unit not in {None, one.cadre.unit}:
                continue
            if self.township and one.cadre.township != self.township:
                continue
            if self.side is not None and self.side not in one.verdict.side_results:
                continue
            if wanted and not (one.cadre.number.startswith(wanted) or wanted in one.cadre.name):
                continue
            yield one

    def in_words(self, evaluation: Evaluation) -> str:
        """Say which cadres are chosen, for the heading of an export; empty for all."""
        unit = next((u.name for u in evaluation.units if u.unit == self.unit), self.unit)
        given = {
            "结论": self.conclusion,
            "附带": self.side,
            "单位": unit,
            "乡镇": self.township,
            "查找": self.search.strip(),
        }
        shown = "，".join(f"{name}“{value}”" for name, value in given.items() if value)
        return f"筛选：{shown}" if shown else ""


EVERYBODY = Filter()
"""Asks for nothing."""
