"""The frozen roster: `roster.jsonl`, its root, and the private household leaves (draw.md, 2)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import count

from evalsys.domain.draw import FrozenCadre
from evalsys.domain.merkle import MerkleTree, merkle_root
from evalsys.errors import InvalidInput
from evalsys.ids import CadreNumber, Stratum

# A line that matches is canonical by construction: sorted keys, no spaces, no leading zeros.
_LINE = re.compile(
    rb'\{"cadre":"([0-9]{8})","hh_n":(0|[1-9][0-9]{0,4}),"hh_root":"([0-9a-f]{64})",'
    rb'(?:"quiz":"([0-9a-f]{64})",)?"stratum":"([A-Z][0-9]{2})","weight":([1-8])\}'
)


@dataclass(frozen=True)
class FrozenRoster:
    """Every cadre who may be drawn, sorted by number; made by `roster_of` or `parse_roster`."""

    cadres: tuple[FrozenCadre, ...]
    sha256: str
    """Of roster.jsonl, 64 hex."""
    root: str
    """RFC 6962 root over the lines without their LF, 64 hex."""

    @property
    def n(self) -> int:
        """Cadres."""
        return len(self.cadres)

    @cached_property
    def households(self) -> int:
        """Linked households of all cadres together."""
        return sum(one.hh_n for one in self.cadres)

    @cached_property
    def strata(self) -> Mapping[Stratum, int]:
        """Cadres by stratum, sorted by stratum."""
        return dict(sorted(Counter(one.stratum for one in self.cadres).items()))

    @cached_property
    def tree(self) -> MerkleTree:
        """The tree over the lines without their LF: its root is `root`."""
        return MerkleTree(roster_line(one) for one in self.cadres)

    @cached_property
    def places(self) -> Mapping[CadreNumber, int]:
        """Where each cadre's line stands, from 0."""
        return {one.cadre: i for i, one in enumerate(self.cadres)}

    @cached_property
    def by_cadre(self) -> Mapping[CadreNumber, FrozenCadre]:
        """Every line by its cadre's number."""
        return {one.cadre: one for one in self.cadres}


def roster_of(cadres: Iterable[FrozenCadre]) -> FrozenRoster:
    """Freeze the cadres, in any order. Raises InvalidInput for a wrong field or a cadre twice."""
    lines = [roster_line(one) for one in sorted(cadres, key=lambda one: one.cadre)]
    return parse_roster(b"".join(line + b"\n" for line in lines))


def roster_line(one: FrozenCadre) -> bytes:
    """Write one cadre's line in canonical JSON, without LF."""
    quiz = f'"quiz":"{one.quiz}",' if one.quiz else ""
    return (
        f'{{"cadre":"{one.cadre}","hh_n":{one.hh_n},"hh_root":"{one.hh_root}",{quiz}'
        f'"stratum":"{one.stratum}","weight":{one.weight}}}'
    ).encode()


def write_roster(roster: FrozenRoster) -> bytes:
    """Write roster.jsonl: one line a cadre, LF after every line, UTF-8 without BOM."""
    return b"".join(roster_line(one) + b"\n" for one in roster.cadres)


def parse_roster(data: bytes) -> FrozenRoster:
    """Read roster.jsonl.

    Raises InvalidInput, naming the line, for any line that is not spelt exactly so, for
    cadres out of order or twice, when only some lines have `quiz`, and for a last line without LF.
    """
    lines = split_lines(data, "roster.jsonl")
    cadres: list[FrozenCadre] = []
    before = ""
    for i, line in enumerate(lines, start=1):
        found = _LINE.fullmatch(line)
        if found is None:
            raise InvalidInput("这一行不是规定的规范写法", place=f"roster.jsonl:{i}")
        cadre, hh_n, hh_root, quiz, stratum, weight = (
            part.decode() for part in found.groups(default=b"")
        )
        if cadre <= before:
            raise InvalidInput(f"干部编号 {cadre} 重复或未按顺序", place=f"roster.jsonl:{i}")
        if cadres and bool(quiz) != bool(cadres[0].quiz):
            raise InvalidInput("quiz 须每一行都有，或都没有", place=f"roster.jsonl:{i}")
        before = cadre
        cadres.append(
            FrozenCadre(CadreNumber(cadre), int(hh_n), hh_root, Stratum(stratum), int(weight), quiz)
        )
    return FrozenRoster(tuple(cadres), sha256(data).hexdigest(), merkle_root(lines).hex())


def split_lines(data: bytes, place: str) -> list[bytes]:
    """Cut a .jsonl file at LF. Raises InvalidInput when the last line does not end with one."""
    if not data:
        return []
    *lines, rest = data.split(b"\n")
    if rest:
        raise InvalidInput("最后一行没有以换行符 LF 结束", place=f"{place}:{len(lines) + 1}")
    return lines


def household_leaves(
    cadre: CadreNumber, phones: Iterable[str], salts: Iterable[bytes]
) -> list[bytes]:
    """Write the private leaves of positions 1, 2, ... of one cadre in canonical JSON.

    A phone is E.164, or empty when the household has no usable number; a salt has 16 bytes.
    All fields have alphabets that need no escapes. One loop for all: a county has 337,000.
    """
    begin = f'{{"cadre":"{cadre}","hh":'
    return [
        f'{begin}{k},"phone":"{phone}","salt":"{salt.hex()}"}}'.encode()
        for k, phone, salt in zip(count(1), phones, salts, strict=False)
    ]
