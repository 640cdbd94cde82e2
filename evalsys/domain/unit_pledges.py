"""What units promised in public at pledge assemblies and was ruled on, for their year (Y69).

An assembly's pledge names who answers for it in words. It is a unit's where these words are the
name or the code of one on the roster; what fits none is told, so that somebody puts it right.
Rehearsals do not count, nor what was ruled after the moment that is asked about.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from evalsys.domain.assessment import FULL_TENTHS, YearScore
from evalsys.domain.local_date import local_date
from evalsys.domain.promises import Followed, ReportKind
from evalsys.ids import LiveId, UnitCode

_TOLD: Final = 3
"""How many broken pledges are named in the source of a score; all are on the list."""


@dataclass(frozen=True, slots=True)
class UnitPledge:
    """A unit's pledge with the ruling that holds, its basis, and who made it."""

    unit: UnitCode
    live: LiveId
    seq: int
    """Of the event by which it was made."""
    session: str
    issue: str
    measure: str
    due_on: date
    kept: bool
    basis: str
    ruled_on: date
    ruled_by: str


def ruled_pledges(
    followed: Iterable[Followed],
    units: Mapping[UnitCode, str],
    known_before: datetime,
    zone: tzinfo,
) -> tuple[UnitPledge, ...]:
    """List what units promised and was ruled on before a moment; `units` are names by code."""
    codes = _codes(units)
    found = []
    for one in followed:
        rulings = [
            each
            for each in one.reports
            if each.kind is not ReportKind.PROOF and each.at < known_before
        ]
        unit = _unit_of(one, codes)
        if unit is None or not rulings or one.rehearsal or one.round.issue is None:
            continue
        last = rulings[-1]
        found.append(
            UnitPledge(
                unit=unit,
                live=one.live,
                seq=one.pledge.seq,
                session=one.session,
                issue=one.round.issue.title,
                measure=one.pledge.measure,
                due_on=date.fromisoformat(one.pledge.due_on),
                kept=last.kind is ReportKind.KEPT,
                basis=last.text,
                ruled_on=local_date(last.at, zone),
                ruled_by=last.by,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.unit, one.ruled_on, one.live, one.seq)))


def without_unit(followed: Iterable[Followed], units: Mapping[UnitCode, str]) -> tuple[str, ...]:
    """Name whoever answers for a pledge of an assembly and is no unit of the roster."""
    codes = _codes(units)
    return tuple(
        dict.fromkeys(
            one.pledge.responsible
            for one in followed
            if one.round.issue and not one.rehearsal and _unit_of(one, codes) is None
        )
    )


def ruled_in(
    pledges: Iterable[UnitPledge], first: date, last: date
) -> dict[UnitCode, list[UnitPledge]]:
    """Gather by unit the pledges whose ruling lies in these days."""
    found: dict[UnitCode, list[UnitPledge]] = {}
    for one in pledges:
        if first <= one.ruled_on <= last:
            found.setdefault(one.unit, []).append(one)
    return found


def pledge_score(ruled: Sequence[UnitPledge]) -> YearScore:
    """Give the share of pledges that were kept, half up, and name those that were not.

    `ruled` is not empty: who promised nothing has no score.
    """
    broken = [one for one in ruled if not one.kept]
    whole, kept = len(ruled), len(ruled) - len(broken)
    told = [f"承诺大会的承诺已认定 {whole} 项，兑现 {kept} 项"]
    told += (
        f"未兑现“{one.measure}”（期限 {one.due_on.isoformat()}，依据：{one.basis}）"
        for one in broken[:_TOLD]
    )
    if len(broken) > _TOLD:
        told.append(f"等 {len(broken)} 项")
    return YearScore((2 * FULL_TENTHS * kept + whole) // (2 * whole), note="；".join(told))


def broken_by_unit(
    pledges: Iterable[UnitPledge], as_of: date, year: int
) -> dict[UnitCode, list[UnitPledge]]:
    """Gather the pledges that stand as broken on `as_of` by a ruling of the year."""
    found: dict[UnitCode, list[UnitPledge]] = {}
    for one in pledges:
        if not one.kept and one.ruled_on <= as_of and one.ruled_on.year == year:
            found.setdefault(one.unit, []).append(one)
    return found


def _codes(units: Mapping[UnitCode, str]) -> dict[str, UnitCode]:
    return {
        _plain(text): code for code, name in units.items() for text in (code, name) if _plain(text)
    }


def _unit_of(one: Followed, codes: Mapping[str, UnitCode]) -> UnitCode | None:
    issue = one.round.issue
    if issue is None:
        return None
    return codes.get(_plain(one.pledge.responsible)) or codes.get(_plain(issue.unit))


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
