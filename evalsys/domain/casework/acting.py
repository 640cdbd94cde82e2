"""Who is acting: for which cadre, grids or unit, and what that lets them do to a request."""

from dataclasses import dataclass

from evalsys.domain.casework.route import GridTree
from evalsys.domain.casework.state import RequestFile
from evalsys.domain.casework.words import Party, PartyKind
from evalsys.errors import NotAllowed

SYSTEM = "system:casework"


@dataclass(frozen=True, slots=True)
class Acting:
    """A signed-in person and the parties they act for; the county's grid is the county office."""

    name: str
    parties: frozenset[Party]
    tree: GridTree
    alike: frozenset[str] = frozenset()
    """Every account that is on record as this person's."""

    def is_party(self, party: Party) -> bool:
        """Say whether they act for `party`: as themselves, or as head of a grid above a grid."""
        if party in self.parties:
            return True
        return party.kind is PartyKind.GRID and self.leads(party.code)

    def leads(self, grid: str) -> bool:
        """Say whether they head `grid` or one above it."""
        return any(
            own.kind is PartyKind.GRID and self.tree.contains(own.code, grid)
            for own in self.parties
        )

    def may_handle(self, file: RequestFile) -> bool:
        """Say whether they may work on it: its holder, or a head of the grid where it is."""
        return self.is_party(file.holder) or self.leads(file.grid)

    def may_see(self, file: RequestFile) -> bool:
        """Say whether it concerns them: it is or was theirs, or lies on a grid of theirs."""
        involved = {file.holder, file.accountable, file.filed.asked}
        if file.offered_to is not None:
            involved.add(file.offered_to)
        if file.filed.cadre is not None:
            involved.add(Party(PartyKind.CADRE, file.filed.cadre))
        units = {file.lead, *file.assisting, *(each.unit for each in file.summonses)} - {""}
        involved |= {Party(PartyKind.UNIT, unit) for unit in units}
        return bool(involved & self.parties) or self.leads(file.filed.grid)

    def is_above(self, file: RequestFile) -> bool:
        """Say whether they head a grid above the level that has it, or the county."""
        for own in self.parties:
            if own.kind is not PartyKind.GRID or not self.tree.contains(own.code, file.grid):
                continue
            depth = self.tree.cells[own.code].depth
            if depth < file.level or depth == 1:
                return True
        return False

    def must_handle(self, file: RequestFile) -> None:
        """Pass whoever may work on it.

        Raises:
            NotAllowed: it is somebody else's.
        """
        if not self.may_handle(file):
            raise NotAllowed(
                "这件诉求不由您承办。", remedy="请由现在的承办人、该网格或上级网格的网格长操作。"
            )

    def must_be_above(self, file: RequestFile) -> None:
        """Pass whoever heads a grid above.

        Raises:
            NotAllowed: they are not above the level that has it.
        """
        if not self.is_above(file):
            raise NotAllowed(
                "这一步由上一级网格的网格长决定。",
                remedy="请提交上一级网格，或由县联系群众工作办公室办理。",
            )

    def must_be(self, party: Party) -> None:
        """Pass whoever acts for `party`.

        Raises:
            NotAllowed: they do not.
        """
        if not self.is_party(party):
            raise NotAllowed("这一步由对方决定。", remedy="请由被移交或被召集的一方操作。")
