"""How an address itself says that requests to it are tried again: `#rc=2&rp=all&ct=1000`.

`rc` tries after the first (0-5), `rp` after which failures (4xx, 5xx, ct no connection, rt no
answer, all), `ct` and `rt` milliseconds to connect and to answer, `tt` for all tries.
What is out of range, or unknown, is as if it were not there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

_MOST_RETRIES = 5
_POLICIES = frozenset({"4xx", "5xx", "ct", "rt", "all"})
_RANGES: Mapping[str, tuple[int, int]] = {"ct": (100, 10_000), "rt": (100, 15_000)}
_WHOLE = (100, 15_000)


@dataclass(frozen=True, slots=True)
class Override:
    """What an address asks for; seconds."""

    retries: int = 1
    after: frozenset[str] = frozenset({"ct"})
    connect_seconds: float = 5.0
    answer_seconds: float = 15.0
    whole_seconds: float = 15.0

    def covers(self, failure: str) -> bool:
        """Say whether a failure (4xx, 5xx, ct or rt) is followed by another try."""
        return failure in self.after or "all" in self.after


def override_of(url: str) -> Override | None:
    """Return what an address asks for; None when it leaves that to the exchange."""
    if "#" not in url:
        return None
    given = dict(parse_qsl(urlsplit(url).fragment))
    if not given.keys() & {"rc", "rp", "ct", "rt", "tt"}:
        return None
    policies = frozenset(given.get("rp", "ct").split(","))
    return Override(
        retries=_number(given, "rc", 1, (0, _MOST_RETRIES)),
        after=policies if policies <= _POLICIES else frozenset({"ct"}),
        connect_seconds=_number(given, "ct", 5000, _RANGES["ct"]) / 1000,
        answer_seconds=_number(given, "rt", 15000, _RANGES["rt"]) / 1000,
        whole_seconds=_number(given, "tt", 15000, _WHOLE) / 1000,
    )


def _number(given: Mapping[str, str], name: str, default: int, limits: tuple[int, int]) -> int:
    raw = given.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 6):
        return default
    return int(raw) if limits[0] <= int(raw) <= limits[1] else default
