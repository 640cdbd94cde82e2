"""The taxonomy 分类体系: five modules, four levels below, urgency, admission (L06, J11).

A version is never edited, only superseded by one with a later first day; a request keeps the
class of the version under which it came. What a child leaves open holds as its parent says.
The element catalogue of a grid (J06) is a tree of the same make.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from evalsys.domain import roster_cells as cells
from evalsys.domain.canonical import canonical
from evalsys.domain.roster_sheets import Column, Kind, Sheet
from evalsys.errors import InvalidInput, NotFound, RuleViolation

NAME_LIMIT: Final = 30
"""Characters of a version's name."""


class Catalogue(StrEnum):
    """Which tree: classes of requests, or elements that a grid keeps a list of."""

    CLASSES = "classes"
    ELEMENTS = "elements"


LEVEL_NAMES: Final[Mapping[Catalogue, tuple[str, ...]]] = {
    Catalogue.CLASSES: ("模块", "大类", "小类", "细类", "子项"),
    Catalogue.ELEMENTS: ("部分", "要素", "小项"),
}
"""What each level is called, from the top; a deeper tree is refused."""


class Urgency(StrEnum):
    """How soon a request of a class has to be looked at (Y70: the urgent before the others)."""

    PRESSING = "紧急"
    SOON = "较急"
    ORDINARY = "一般"

    @property
    def rank(self) -> int:
        """0 for the most urgent."""
        return list(Urgency).index(self)


TAXONOMY: Final = Sheet(
    Kind.TAXONOMY,
    "分类体系",
    (
        Column("code", "分类编码", cells.code, other_headers=("编码", "要素编码")),
        Column("name", "分类名称", cells.label, other_headers=("名称", "要素名称")),
        Column("parent", "上级编码", cells.code, needed=False, blank=""),
        Column("admitted", "网格准入", cells.yes_no, needed=False),
        Column("reason", "不准入理由", cells.label, needed=False, blank=""),
        Column(
            "urgency",
            "紧急程度",
            cells.one_of({one.value: one.value for one in Urgency}),
            needed=False,
            blank="",
        ),
    ),
    key=("code",),
)
"""One row an entry. Without 上级编码 it is at the top; rows may stand in any order."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One class as it is written; what is left open (`None`) holds as the parent says."""

    code: str
    name: str
    parent: str = ""
    admitted: bool | None = None
    """Whether it may be put on a grid 网格准入 (J11)."""
    reason: str = ""
    """Why it may not; of those that may not only."""
    urgency: Urgency | None = None


@dataclass(frozen=True, slots=True)
class EntryFault:
    """What is wrong with an entry: its place in the list, the column in `TAXONOMY`, what to do."""

    at: int
    column: str
    what: str
    remedy: str


@dataclass(frozen=True)
class Taxonomy:
    """A tree without faults; see `faults_in`."""

    entries: tuple[Entry, ...]
    """In the order of the file."""
    catalogue: Catalogue = Catalogue.CLASSES

    @cached_property
    def sha256(self) -> str:
        """The version: hash over the entries, whatever their order in the file; lower-case hex."""
        rows = [
            [one.code, one.name, one.parent, one.admitted, one.reason, one.urgency]
            for one in sorted(self.entries, key=lambda one: one.code)
        ]
        return hashlib.sha256(canonical([self.catalogue, rows])).hexdigest()

    @cached_property
    def _by_code(self) -> Mapping[str, Entry]:
        return {one.code: one for one in self.entries}

    @cached_property
    def _below(self) -> Mapping[str, Sequence[Entry]]:
        below: dict[str, list[Entry]] = defaultdict(list)
        for one in self.entries:
            below[one.parent].append(one)
        return below

    def __contains__(self, code: str) -> bool:
        """Say whether there is a class with this code."""
        return code in self._by_code

    def entry(self, code: str) -> Entry:
        """Find a class.

        Raises:
            NotFound: there is none with this code.
        """
        found = self._by_code.get(code)
        if found is None:
            raise NotFound(
                f"分类体系中没有编码“{code}”。",
                remedy="请在分类页查找，或核对用的是哪一天的版本。",
                place="分类编码",
            )
        return found

    def below(self, code: str = "") -> Sequence[Entry]:
        """List the children of a class, of the top without `code`, in the order of the file."""
        return self._below.get(code, ())

    def path(self, code: str) -> tuple[Entry, ...]:
        """List a class and everything above it, from the top.

        Raises:
            NotFound: there is none with this code.
        """
        return tuple(reversed(tuple(self._upwards(code))))

    def level(self, code: str) -> int:
        """Return how deep a class lies, 0 at the top.

        Raises:
            NotFound: there is none with this code.
        """
        return len(self.path(code)) - 1

    def urgency(self, code: str) -> Urgency:
        """Return the urgency of a class, of the next above it that says one.

        Raises:
            NotFound: there is none with this code.
        """
        said = (one.urgency for one in self._upwards(code) if one.urgency)
        return next(said, Urgency.ORDINARY)

    def why_not_on_a_grid(self, code: str) -> str:
        """Return why a class may not be put on a grid, "" where it may (J11).

        A class of which nobody up to the top says anything may not: a basket into which
        everything goes is no list.

        Raises:
            NotFound: there is none with this code.
        """
        for one in self._upwards(code):
            if one.admitted is not None:
                return "" if one.admitted else one.reason
        return "没有列入网格事项准入清单"

    def check_admitted(self, code: str) -> Entry:
        """Return the class if it may be put on a grid.

        Raises:
            NotFound: there is none with this code.
            RuleViolation: the admission list says that it may not, with the reason.
        """
        found = self.entry(code)
        why = self.why_not_on_a_grid(code)
        if why:
            raise RuleViolation(
                f"“{found.name}”不能下派到网格：{why}。",
                remedy="请退回派出单位；确需网格承担的，先修订准入清单。",
                place="分类编码",
            )
        return found

    def search(self, words: str) -> tuple[Entry, ...]:
        """Find the classes whose path has every one of `words`, or whose code begins with it."""
        wanted = words.split()
        return tuple(
            one
            for one in self.entries
            if wanted
            and (
                one.code.startswith(words.strip())
                or all(word in self.title(one.code) for word in wanted)
            )
        )

    def title(self, code: str) -> str:
        """Name a class with everything above it.

        Raises:
            NotFound: there is none with this code.
        """
        return " / ".join(one.name for one in self.path(code))

    @cached_property
    def counts(self) -> tuple[int, ...]:
        """How many entries each level has, from the top."""
        found = Counter(self.level(one.code) for one in self.entries)
        return tuple(found[level] for level in range(len(LEVEL_NAMES[self.catalogue])))

    def walk(self, code: str = "") -> Iterator[tuple[int, Entry]]:
        """Give level and entry of everything below a class, each before what is below it."""
        level = 0 if not code else self.level(code) + 1
        for one in self.below(code):
            yield level, one
            yield from self.walk(one.code)

    def _upwards(self, code: str) -> Iterator[Entry]:
        while code:
            found = self.entry(code)
            yield found
            code = found.parent


@dataclass(frozen=True, slots=True)
class TaxonomyVersion:
    """A taxonomy as it was brought in; in force from `since` until the next version's first day."""

    id: int
    catalogue: Catalogue
    name: str
    sha256: str
    since: date
    size: int
    """How many entries it has."""
    imported_by: str
    imported_at: datetime


def faults_in(entries: Sequence[Entry], catalogue: Catalogue) -> list[EntryFault]:
    """Name everything that keeps `entries` from being a tree of this catalogue."""
    known = Counter(one.code for one in entries)
    parents = {one.code: one.parent for one in entries}
    names = Counter((one.parent, one.name) for one in entries)
    most = LEVEL_NAMES[catalogue]
    faults: list[EntryFault] = []
    for at, one in enumerate(entries):
        faults += _own_faults(at, one)
        if known[one.code] > 1:
            faults.append(EntryFault(at, "code", "编码重复", "每个编码只能出现一次。"))
        if names[one.parent, one.name] > 1:
            what = "同一上级之下有同名的分类"
            faults.append(EntryFault(at, "name", what, "请合并，或改用能区分的名称。"))
        if one.parent and one.parent not in known:
            what = f"表中没有上级编码“{one.parent}”"
            faults.append(EntryFault(at, "parent", what, "请补上上级，或改正编码。"))
            continue
        depth = _depth(one.code, parents)
        if depth is None:
            faults.append(EntryFault(at, "parent", "上下级成环", "请改正上级编码。"))
        elif depth >= len(most):
            what = f"在第{depth + 1}层，最多{len(most)}层（{'、'.join(most)}）"
            faults.append(EntryFault(at, "parent", what, "请并入上一层。"))
    return faults


def check_since(since: date, versions: Iterable[TaxonomyVersion]) -> None:
    """Insist that a version begins after every other: what is past keeps its classes.

    Raises:
        InvalidInput: it would begin before or with another one.
    """
    last = max((one.since for one in versions), default=None)
    if last is not None and since <= last:
        raise InvalidInput(
            f"最近一版自 {last.isoformat()} 起适用，新版本的启用日须在其后。",
            remedy="版本不能修改，只能由启用日更晚的版本代替；已有诉求保留原来的分类。",
            place="启用日",
        )


def _own_faults(at: int, one: Entry) -> Iterator[EntryFault]:
    if one.admitted is False and not one.reason:
        yield EntryFault(at, "reason", "不准入却没有理由", "请写明理由，退回时要告知对方。")
    if one.admitted is not False and one.reason:
        yield EntryFault(
            at, "admitted", "有不准入理由，网格准入却不是“否”", "请改为“否”，或删去理由。"
        )


def _depth(code: str, parents: Mapping[str, str]) -> int | None:
    """Count the entries above; None when they go round in a circle."""
    depth = 0
    while parents.get(code):
        code = parents[code]
        depth += 1
        if depth > len(parents):
            return None
    return depth
