"""Choosing some promotion procedures: what the screen shows is what an export holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from evalsys.domain.promotion import Procedure, PromotionStage
from evalsys.domain.roster import CadreCard


@dataclass(frozen=True, slots=True)
class PromotionRow:
    """A procedure as a list shows it: who is proposed (None when no longer known), and where."""

    procedure: Procedure
    card: CadreCard | None
    stage: PromotionStage
    missing: tuple[str, ...]
    """What still stands before the gate, on the day of the list."""


@dataclass(frozen=True, slots=True)
class PromotionFilter:
    """Conditions that all must hold; an empty one asks for nothing."""

    stage: PromotionStage | None = None
    search: str = ""
    """Part of a name, a unit or a post, or the beginning of a number."""
    uniform: bool = False
    """Only those in which every household that answered was content (Y64)."""

    def choose(
        self, found: Iterable[tuple[Procedure, CadreCard | None]], day: date
    ) -> list[PromotionRow]:
        """Give the procedures that meet the conditions on `day`, in their order."""
        rows = (PromotionRow(one, card, one.stage(day), one.missing(day)) for one, card in found)
        return [row for row in rows if self._admits(row)]

    def _admits(self, row: PromotionRow) -> bool:
        if self.stage not in {None, row.stage} or (self.uniform and not row.procedure.is_uniform):
            return False
        wanted, card = self.search.strip(), row.card
        texts = (row.procedure.opened.post, *((card.name, card.unit_name) if card else ()))
        return (
            not wanted
            or row.procedure.cadre.startswith(wanted)
            or any(wanted in text for text in texts)
        )

    @property
    def in_words(self) -> str:
        """Say which procedures are chosen, for the heading of an export; empty for all."""
        given = {
            "阶段": self.stage,
            "全部满意": "是" if self.uniform else "",
            "查找": self.search.strip(),
        }
        shown = "，".join(f"{name}“{value}”" for name, value in given.items() if value)
        return f"筛选：{shown}" if shown else ""
