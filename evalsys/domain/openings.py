"""Openings for the sworn auditor: proof of which number stood at each position that was opened.

`openings.jsonl` holds one canonical line a position, sorted by cadre and position. With the
bundle's roster nobody can have swapped a number after the freeze: each leaf leads to the
cadre's published root (draw.md, 2).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.draw import digest
from evalsys.domain.draw_roster import FrozenRoster, split_lines
from evalsys.domain.draw_shapes import (
    CADRE,
    MAX_HOUSEHOLDS,
    POSITION,
    SHA256,
    check_record,
    integer,
    listed,
    text,
)
from evalsys.domain.merkle import proves_inclusion
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber

FILE = "openings.jsonl"
MOST_STEPS = 32
RECALLED = 20
"""Positions of a session that the auditor calls again."""

_LEAF = re.compile(
    r'\{"cadre":"([0-9]{8})","hh":([1-9][0-9]{0,4}),"phone":"((?:\+[0-9]{1,20})?)",'
    r'"salt":"([0-9a-f]{32})"\}'
)


class Place(NamedTuple):
    """A position of the frozen roster: the k-th household of a cadre."""

    cadre: CadreNumber
    k: int


@dataclass(frozen=True, slots=True)
class Opening:
    """One position: its canonical leaf, and the path to the cadre's root (RFC 6962, hex)."""

    place: Place
    leaf: str
    size: int
    path: tuple[str, ...]
    root: str


def write_openings(openings: Iterable[Opening]) -> bytes:
    """Write openings.jsonl, LF after every line."""
    return b"".join(
        canonical(
            {
                "cadre": one.place.cadre,
                "k": one.place.k,
                "leaf": one.leaf,
                "path": list(one.path),
                "root": one.root,
                "size": one.size,
            }
        )
        + b"\n"
        for one in sorted(openings, key=lambda one: one.place)
    )


def parse_openings(data: bytes) -> tuple[Opening, ...]:
    """Read openings.jsonl. Raises InvalidInput, naming the line, for the slightest deviation."""
    found: list[Opening] = []
    for i, line in enumerate(split_lines(data, FILE), start=1):
        place = f"{FILE}:{i}"
        try:
            body = check_record(parse_canonical(line), _FIELDS, "")
        except InvalidInput as error:
            raise InvalidInput(error.what, remedy=error.remedy, place=place) from error
        opening = Opening(
            Place(CadreNumber(body["cadre"]), body["k"]),
            body["leaf"],
            body["size"],
            tuple(body["path"]),
            body["root"],
        )
        if found and opening.place <= found[-1].place:
            raise InvalidInput("同一位置重复，或者没有按编号和位置排序", place=place)
        found.append(opening)
    return tuple(found)


def wrong_openings(
    openings: Sequence[Opening], roster: FrozenRoster, opened: Iterable[Place]
) -> tuple[str, ...]:
    """Say everything that is wrong; nothing means that no number can have been swapped.

    `opened` are the positions that the transcript opened: each needs its opening, and no other
    position may have one.
    """
    problems = [
        f"干部 {one.place.cadre} 第 {one.place.k} 户：{problem}"
        for one in openings
        for problem in _wrong(one, roster)
    ]
    given, needed = {one.place for one in openings}, set(opened)
    problems += [
        f"干部 {place.cadre} 第 {place.k} 户：会上启封过，这里没有"
        for place in sorted(needed - given)
    ]
    problems += [
        f"干部 {place.cadre} 第 {place.k} 户：会上没有启封过" for place in sorted(given - needed)
    ]
    return tuple(problems)


def recall_order(head: str, places: Iterable[Place]) -> tuple[Place, ...]:
    """Put positions in the order in which the auditor calls them again.

    It hangs on the session's final hash, so nobody, the auditor included, chooses whom.
    """
    return tuple(sorted(places, key=lambda one: digest("recall", head, one.cadre, one.k)))


def _wrong(one: Opening, roster: FrozenRoster) -> list[str]:
    frozen = roster.by_cadre.get(one.place.cadre)
    if frozen is None:
        return ["名册中没有这名干部"]
    leaf = _LEAF.fullmatch(one.leaf)
    if leaf is None:
        return ["叶子不是规定的写法"]
    if (leaf[1], int(leaf[2])) != one.place:
        return ["叶子写的是另一名干部或另一个位置"]
    if (one.root, one.size) != (frozen.hh_root, frozen.hh_n):
        return ["树根或户数与名册公布的不同"]
    path = [bytes.fromhex(step) for step in one.path]
    root = bytes.fromhex(frozen.hh_root)
    if not proves_inclusion(one.leaf.encode(), one.place.k - 1, frozen.hh_n, path, root):
        return ["号码或盐值与冻结时不同：路径算不到名册公布的树根"]
    return []


_FIELDS = {
    "cadre": CADRE,
    "k": POSITION,
    "leaf": text(r'\{"cadre":.{20,200}\}'),
    "path": listed(SHA256, most=MOST_STEPS),
    "root": SHA256,
    "size": integer(1, MAX_HOUSEHOLDS),
}
