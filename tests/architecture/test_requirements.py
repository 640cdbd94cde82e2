"""The table of requirements names every one, and what it says to be built is cited by the code."""

import re
from collections import Counter
from collections.abc import Iterator

from tests.architecture.checkout import ROOT

TABLE = ROOT / "docs" / "requirements.md"
LAST = {"Y": 86, "L": 29, "J": 13, "G": 15}
_SPAN = re.compile(r"\b([YLJG])(\d\d)(?:-\1(\d\d))?\b")


def _numbers(text: str) -> Iterator[str]:
    """Give every number in a text, those within a span too."""
    for letter, first, last in _SPAN.findall(text):
        for number in range(int(first), int(last or first) + 1):
            yield f"{letter}{number:02}"


def _rows(part: str) -> list[list[str]]:
    """Give the cells of a table's rows, without its head."""
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_every_requirement_has_a_home_and_the_code_cites_it() -> None:
    built, left = TABLE.read_text().split("## In part, or not")
    homes = Counter(number for row in _rows(built) for number in _numbers(row[0]))
    apart = Counter(number for row in _rows(left) for number in _numbers(row[0]))
    every = {f"{letter}{n:02}" for letter, last in LAST.items() for n in range(1, last + 1)}
    assert set(homes) | set(apart) == every
    assert [number for number, times in (homes + Counter()).items() if times > 1] == []
    sources = [*(ROOT / "evalsys").rglob("*.py"), *(ROOT / "evalsys").rglob("*.toml")]
    cited = {number for source in sources for number in _numbers(source.read_text())}
    assert sorted(set(homes) - cited) == []
    for row in _rows(built):
        for page in re.findall(r"\]\(([^)]+)\)", row[2]):
            assert (TABLE.parent / page).is_file(), page
        assert (ROOT / row[3].strip("`")).is_file(), row[3]
