"""What a new version of the rules would change: everybody whose outcome is another."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from evalsys.domain.eligibility import Verdict
from evalsys.domain.personnel import Cadre
from evalsys.domain.personnel_county import Evaluation
from evalsys.domain.rulebook import Conclusion


@dataclass(frozen=True, slots=True)
class Change:
    """One cadre whose conclusion, side results or rules differ."""

    cadre: Cadre
    was: Verdict
    now: Verdict


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The county under two rule sets, on the same facts, day and year."""

    was: Evaluation
    now: Evaluation
    changes: tuple[Change, ...]

    @property
    def moves(self) -> Mapping[tuple[Conclusion, Conclusion], int]:
        """How many go from which conclusion to which, the same conclusion too, most first."""
        count = Counter((one.was.conclusion, one.now.conclusion) for one in self.changes)
        return dict(count.most_common())


def compare(was: Evaluation, now: Evaluation) -> WhatIf:
    """List who changes, in the order of the county; both evaluations are of the same facts."""
    pairs = zip(was.assessed, now.assessed, strict=True)
    changes = (
        Change(one.cadre, one.verdict, other.verdict)
        for one, other in pairs
        if _result(one.verdict) != _result(other.verdict)
    )
    return WhatIf(was, now, tuple(changes))


def _result(verdict: Verdict) -> tuple[object, ...]:
    return verdict.conclusion, verdict.side_results, frozenset(verdict.rule_numbers)
