"""The frozen roster as everybody may see it: head-counts, and one cadre's line with its proof."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.draw_roster import roster_line
from evalsys.domain.manifest import Exclusion
from evalsys.domain.merkle import leaf_hash
from evalsys.errors import NotFound
from evalsys.ids import CadreNumber, LiveId, Stratum
from evalsys.services.draw import Draws
from evalsys.store.draws import UnitCount


@dataclass(frozen=True, slots=True)
class RosterLine:
    """A cadre's line in the frozen roster, and the proof that it is in there.

    `path` leads from the line's leaf, at `index` from 0 in a tree of `size`, to `root` (RFC
    6962); `roster_sha256` is of the whole file. Hashes are hex.
    """

    line: str
    stratum_name: str
    cadre: FrozenCadre
    index: int
    size: int
    path: tuple[str, ...]
    root: str
    roster_sha256: str

    @property
    def leaf(self) -> str:
        """The hash of the line as a leaf, 64 hex."""
        return leaf_hash(self.line.encode()).hex()

    def to_json(self) -> dict[str, object]:
        """What programs are told."""
        return {
            "line": self.line,
            "leaf": self.leaf,
            "index": self.index,
            "size": self.size,
            "path": list(self.path),
            "root": self.root,
            "roster_sha256": self.roster_sha256,
            "stratum_name": self.stratum_name,
        }


@dataclass(frozen=True, slots=True)
class StratumCounts:
    """The published head-counts of a stratum."""

    id: Stratum
    name: str
    cadres: int
    excluded: int
    households: int


@dataclass(frozen=True, slots=True)
class HeadCounts:
    """What outsiders compare: cadres and households of every stratum and unit."""

    strata: tuple[StratumCounts, ...]
    units: tuple[UnitCount, ...]
    weights: Mapping[int, int]
    """Cadres by weight."""


class PublishedRoster:
    """What outsiders compare with what they know themselves."""

    def __init__(self, draws: Draws) -> None:
        """Publish what `draws` froze."""
        self._draws = draws

    def head_counts(self, live: LiveId, exclusions: Iterable[Exclusion] = ()) -> HeadCounts:
        """Count cadres and households by stratum and unit.

        Raises NotFound when nothing is frozen.
        """
        roster = self._draws.frozen_roster(live)
        labels = self._draws.stratum_labels(live)
        households: Counter[Stratum] = Counter()
        for one in roster.cadres:
            households[one.stratum] += one.hh_n
        known = roster.by_cadre
        lost = Counter(known[one.cadre].stratum for one in exclusions if one.cadre in known)
        return HeadCounts(
            tuple(
                StratumCounts(name, labels[name].name, n, lost[name], households[name])
                for name, n in roster.strata.items()
            ),
            self._draws.unit_counts(live),
            dict(sorted(Counter(one.weight for one in roster.cadres).items())),
        )

    def line(self, live: LiveId, cadre: CadreNumber) -> RosterLine:
        """Give a cadre's line of the frozen roster with its inclusion proof.

        Raises NotFound when nothing is frozen or the roster has no such number.
        """
        roster = self._draws.frozen_roster(live)
        frozen = roster.by_cadre.get(cadre)
        if frozen is None:
            raise NotFound(
                f"冻结的名册中没有编号 {cadre}。",
                remedy="请核对编号；应在名册而不在的，可以在异议期内提出。",
                place="干部编号",
            )
        index = roster.places[cadre]
        return RosterLine(
            line=roster_line(frozen).decode(),
            stratum_name=self._draws.stratum_labels(live)[frozen.stratum].name,
            cadre=frozen,
            index=index,
            size=roster.n,
            path=tuple(step.hex() for step in roster.tree.path(index)),
            root=roster.root,
            roster_sha256=roster.sha256,
        )
