"""Common issues: what is said of them, where they were asked, what was promised and done (Y26)."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import groupby

from sqlalchemy.orm import Session

from evalsys.clock import Clock
from evalsys.domain.issues import (
    CommonIssue,
    Progress,
    Statement,
    check_progress,
    check_statement,
    in_order,
)
from evalsys.domain.local_date import local_date
from evalsys.errors import InvalidInput, RuleViolation
from evalsys.store import audit, issues, roster
from evalsys.store.database import Database
from evalsys.store.grid_preset import second_level
from evalsys.store.issues import Member, Spokesperson

MEMBERS_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Overview:
    """All issues in the order in which they are taken up, and how much of the work is done."""

    issues: tuple[CommonIssue, ...]
    units: dict[str, str]
    requests: int
    assigned: int
    proposed: int
    today: date


@dataclass(frozen=True, slots=True)
class IssueView:
    """One issue with where and when it was asked."""

    issue: CommonIssue
    units: dict[str, str]
    speaker: Spokesperson | None
    places: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """By township: its name, and name and count of each grid below, the most first."""
    months: tuple[tuple[str, int], ...]
    """YYYY-MM and count, without gaps."""
    today: date


class Issues:
    """The common issues of a county."""

    def __init__(self, database: Database, now: Clock, zone: tzinfo) -> None:
        """Keep issues in `database`; days are those of `zone`."""
        self._database = database
        self._zone = zone
        self.now = now

    def today(self) -> date:
        """Return the day in the county."""
        return local_date(self.now(), self._zone)

    def names(self) -> dict[int, str]:
        """Return the names of all issues by number."""
        with self._database.read() as db:
            return issues.names(db)

    def open(self, name: str, question: str, *, by: str) -> int:
        """Open an issue; give its number.

        Raises:
            InvalidInput: no name, or it is too long.
            RuleViolation: there is one of this name.
        """
        with self._database.write() as db:
            return open_in(db, name, question, by=by, at=self.now())

    def merge(self, issue: int, into: int, *, by: str) -> None:
        """Let an issue go into another, with everything that belongs to it.

        Raises:
            RuleViolation: they are the same, or the first has a public pledge.
            NotFound: there is no such issue any more.
        """
        if issue == into:
            raise RuleViolation("不能并入自身。", remedy="请选择另一个共性问题。")
        with self._database.write() as db:
            gone = issues.one(db, issue)
            issues.one(db, into)
            if gone.said.is_pledged:
                raise RuleViolation(
                    f"“{gone.said.name}”已有公开承诺，不能并掉。",
                    remedy="请把另一个并入它，承诺就不会消失。",
                )
            at = self.now()
            issues.merge(db, issue, into, by=by, at=at)
            audit.record(db, at, by, "issues.merge", f"issue:{issue}", {"into": into})

    def say(self, issue: int, said: Statement, *, by: str) -> None:
        """Say something else of an issue: name, question, units, budget, pledge (Y40, Y69, Y73).

        Raises:
            InvalidInput: a field is missing or wrong, or a unit is unknown.
            NotFound: there is no such issue.
            RuleViolation: another issue has this name.
        """
        checked = check_statement(said)
        with self._database.write() as db:
            issues.one(db, issue)
            _check_name(db, checked.name, besides=issue)
            units = roster.unit_names(db)
            for code in (checked.lead, *checked.assisting):
                if code and code not in units:
                    raise InvalidInput(
                        f"没有编码为“{code}”的单位。", remedy="请从列表中选择。", place="单位"
                    )
            at = self.now()
            issues.add_statement(db, issue, checked, by=by, at=at)
            detail = {"name": checked.name, "pledged": checked.is_pledged}
            audit.record(db, at, by, "issues.say", f"issue:{issue}", detail)

    def follow(self, issue: int, day: date, done: str, note: str, *, by: str) -> None:
        """Note how far a pledge has come.

        Raises:
            InvalidInput: the day lies ahead, nothing is said, or the amount is no number.
            RuleViolation: nothing was pledged.
            NotFound: there is no such issue.
        """
        at = self.now()
        entry = check_progress(Progress(day, done, note, by, at), self.today())
        with self._database.write() as db:
            if not issues.one(db, issue).said.is_pledged:
                raise RuleViolation("这个共性问题还没有公开承诺。", remedy="请先写明承诺。")
            issues.add_progress(db, issue, entry)
            audit.record(db, at, by, "issues.follow", f"issue:{issue}", {"done": entry.done})

    def overview(self) -> Overview:
        """Return all issues, the urgent and then the large first (Y70), and how far the work is."""
        with self._database.read() as db:
            requests, assigned, proposed = issues.counted(db)
            every = in_order(issues.every(db))
            return Overview(
                every, roster.unit_names(db), requests, assigned, proposed, self.today()
            )

    def speakers(self, overview: Overview) -> dict[str, Spokesperson]:
        """Return who speaks for the leading units of issues: their principals, by code."""
        leads = {one.said.lead for one in overview.issues if one.said.lead}
        with self._database.read() as db:
            return issues.spokespersons(db, sorted(leads))

    def second_level(self) -> str:
        """Name the level of the grid below the whole county's, as the county calls it."""
        with self._database.read() as db:
            return second_level(db)

    def townships(self) -> dict[int, tuple[tuple[str, int], ...]]:
        """Return the townships that ask for each issue, with counts, the most first."""
        with self._database.read() as db:
            names, towns = roster.grid_names(db), roster.township_of_grids(db)
            counts: dict[int, Counter[str]] = defaultdict(Counter)
            for issue, grid, count in issues.grids(db):
                counts[issue][names.get(str(towns.get(grid, grid)), grid)] += count
        return {
            issue: tuple(sorted(asked.items(), key=lambda one: (-one[1], one[0])))
            for issue, asked in counts.items()
        }

    def view(self, issue: int) -> IssueView:
        """Return one issue with where and when it was asked.

        Raises:
            NotFound: there is none of this number any more.
        """
        with self._database.read() as db:
            found = issues.one(db, issue)
            lead = found.said.lead
            speaker = issues.spokespersons(db, [lead]).get(lead) if lead else None
            return IssueView(
                found,
                roster.unit_names(db),
                speaker,
                _places(db, issue),
                _months([at.astimezone(self._zone) for at in issues.raised(db, issue)]),
                self.today(),
            )

    def members(self, issue: int, page: int, *, by: str) -> list[Member]:
        """Return a page of an issue's requests, the latest first; the read is audited."""
        skip = (max(1, page) - 1) * MEMBERS_A_PAGE
        with self._database.write() as db:
            found = issues.members(db, issue, skip=skip, most=MEMBERS_A_PAGE)
            detail = {"requests": len(found)}
            audit.record(db, self.now(), by, "issues.read", f"issue:{issue}", detail)
        return found


def open_in(db: Session, name: str, question: str, *, by: str, at: datetime) -> int:
    """Open an issue in a transaction; give its number.

    Raises:
        InvalidInput: no name, or it is too long.
        RuleViolation: there is one of this name.
    """
    said = check_statement(Statement(name, question))
    _check_name(db, said.name)
    number = issues.open_issue(db, said, by=by, at=at)
    audit.record(db, at, by, "issues.open", f"issue:{number}", {"name": said.name})
    return number


def _check_name(db: Session, name: str, besides: int = 0) -> None:
    same = next((n for n, known in issues.names(db).items() if known == name), besides)
    if same != besides:
        raise RuleViolation(
            f"已有名为“{name}”的共性问题（第 {same} 号）。",
            remedy="请归入它，或改一个能区分的名称。",
        )


def _places(db: Session, issue: int) -> tuple[tuple[str, tuple[tuple[str, int], ...]], ...]:
    names, towns = roster.grid_names(db), roster.township_of_grids(db)
    counted = [
        (names.get(str(towns.get(grid, grid)), grid), names.get(grid, grid), count)
        for grid, count in issues.by_grid(db, issue).items()
    ]
    counted.sort(key=lambda one: (one[0], -one[2], one[1]))
    grouped = [
        (town, tuple((place, count) for _, place, count in group))
        for town, group in groupby(counted, key=lambda one: one[0])
    ]
    return tuple(sorted(grouped, key=lambda one: (-sum(n for _, n in one[1]), one[0])))


def _months(raised: Sequence[datetime]) -> tuple[tuple[str, int], ...]:
    counts = Counter((at.year, at.month) for at in raised)
    if not counts:
        return ()
    first, last = min(counts), max(counts)
    months = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return tuple((f"{n // 12:04}-{n % 12 + 1:02}", counts[n // 12, n % 12 + 1]) for n in months)
