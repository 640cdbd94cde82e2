"""A bundle by somebody who read the protocol's text alone: hashlib and json, nothing of ours."""

import hashlib
import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from evalsys.domain.verify import Bundle
from tests.builders_beacon import VECTORS
from tests.verify.judges import NODE, files_of, judged, told, verified

Line = tuple[str, dict[str, Any], int]
"""Type, body, and seconds since the line before."""
Chance = Generator[Line, None, list[str]]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def a(*fields: object) -> str:
    return sha("|".join(["cadre-draw/1", *map(str, fields)]).encode())


def spell(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def root(leaves: list[bytes]) -> bytes:
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root(leaves[:k]) + root(leaves[k:])).digest()


@dataclass
class Stranger:
    """One session, with the choices that the text leaves open made otherwise than by us."""

    beacon: bool = False
    witnesses: int = 0
    aborted: bool = False
    quiz: bool = False
    first_ever: str = "null"
    sizes: dict[str, int] = field(default_factory=lambda: {"U02": 3, "G01": 9, "R07": 1})
    slots: tuple[str, ...] = ("U02", "G01", "G01", "G01")

    def __post_init__(self) -> None:
        self.keys = [
            Ed25519PrivateKey.from_private_bytes(bytes([i + 1] * 32)) for i in range(self.witnesses)
        ]
        self.rows: list[dict[str, Any]] = [
            {
                "cadre": f"{n:08d}",
                "hh_n": n % 7,
                "hh_root": a("r", n),
                "stratum": s,
                "weight": 1 + n % 8,
            }
            for n, s in enumerate(
                (s for s, size in self.sizes.items() for _ in range(size)), start=40_000_000
            )
        ]
        if self.quiz:
            for row in self.rows:
                row["hh_n"] += 2
                row["quiz"] = sha(spell(self.askable(row["cadre"])))
        lines = [spell(row) for row in self.rows]
        self.roster = b"".join(line + b"\n" for line in lines)
        self.manifest = spell(self._manifest(lines))
        self.transcript = b"".join(self._chained(self.play()))

    def _manifest(self, lines: list[bytes]) -> dict[str, Any]:
        body: dict[str, Any] = {
            "v": "cadre-draw/1",
            "session": "石门县 2026 年第一场",
            "attempt": 1,
            "roster_sha256": sha(self.roster),
            "roster_root": root(lines).hex(),
            "roster_n": len(lines),
            # In the order of the county's own list, not of the alphabet.
            "strata": [{"id": s, "n": n, "eligible": n} for s, n in self.sizes.items()],
            "quota": {s: self.slots.count(s) for s in self.sizes},
            "slots": list(self.slots),
            "exclusions": [],
            "dice": {"sides": 10, "count": 24, "rollers": ["甲", "乙", "丙", "丁"]},
            "beacon": None,
            "hh": {
                "target": 2,
                "attempts": 2,
                "gap_s": 90,
                "parallel": 3,
                "final_codes": ["completed", "no_answer", "invalid_number", "refused"],
            },
            "witness_keys": [
                {"id": f"W{i + 1}", "key": key.public_key().public_bytes_raw().hex()}
                for i, key in enumerate(self.keys)
            ],
            "prev_head": None,
        }
        if self.beacon:
            body["beacon"] = {
                "chain": VECTORS["quicknet"]["info"]["hash"],
                "scheme": "bls-unchained-g1-rfc9380",
                "min_delay_s": 60,
                "bind_margin_s": 10,
            }
        if self.first_ever == "left out":
            del body["prev_head"]
        elif self.first_ever == "zeros":
            body["prev_head"] = "0" * 64
        return body

    def _chained(self, lines: Iterator[Line]) -> Iterator[bytes]:
        prev = "0" * 64
        for i, (kind, body, _) in enumerate(lines):
            line = {
                "at": f"{self.at:%Y-%m-%dT%H:%M:%SZ}",
                "body": body,
                "i": i,
                "prev": prev,
                "sigs": {},
                "type": kind,
            }
            if kind in {"dice", "bind", "close"}:
                unsigned = spell(line)
                line["sigs"] = {
                    f"W{n + 1}": k.sign(unsigned).hex() for n, k in enumerate(self.keys)
                }
            spelt = spell(line)
            prev = sha(spelt)
            yield spelt + b"\n"

    # ---- the session

    def play(self) -> Iterator[Line]:
        self.rounds = [
            one for one in VECTORS["quicknet"]["rounds"] if one["round"] not in {1, 3, 30662992}
        ]
        first = self._time(self.rounds[0]["round"]) if self.beacon else self._time(10**6)
        self.at = first - timedelta(days=2, seconds=60)
        yield self.line("manifest", {"sha256": sha(self.manifest)})
        self.at = first - timedelta(seconds=62)
        yield self.line("open", {"rehearsal": False}, 1)
        master = "314159265358979323846264"
        yield self.line("dice", {"purpose": "master", "digits": master, "source": "cups"}, 1)
        yield self.line("named", {"cadre": "40000001", "by": "电视台", "reason": "观众来信"}, 1)
        chance = ["0", "none"]
        if self.beacon:
            chance = yield from self.bound("master", 0)
        seed = a("master", sha(self.manifest), master, *chance)
        taken: set[str] = set()
        planned = self.slots[: 2 if self.beacon else None]
        for j, stratum in enumerate(planned, start=1):
            yield from self.slot(j, stratum, seed, taken)
        if self.aborted:
            yield self.line("abort", {"reason": "safety", "attempt": 1})
        else:
            yield self.line("close", {"slots": len(planned)})

    def slot(self, j: int, stratum: str, master: str, taken: set[str]) -> Iterator[Line]:
        if self.beacon:
            seed = a("slot", master, j, *(yield from self.bound("slot", j)))
        else:
            digits = f"{j:012d}"
            yield self.line("dice", {"purpose": "slot", "j": j, "digits": digits, "source": "cups"})
            seed = a("slot", master, j, "0", digits)
        pot = [r for r in self.rows if r["stratum"] == stratum and r["cadre"] not in taken]
        tickets = sorted(
            (min(a("ticket", seed, r["cadre"], i + 1) for i in range(r["weight"])), r["cadre"])
            for r in pot
        )
        ticket, cadre = tickets[0]
        taken.add(cadre)
        told = {"j": j, "stratum": stratum, "cadre": cadre, "ticket": ticket}
        runners_up = [[c, t] for t, c in tickets[1:5]]
        yield self.line("slot", {**told, "runners_up": runners_up, "eligible_n": len(pot)})
        if j == 3:
            return  # absent, and the households are left for another day
        chance = (yield from self.bound("hh", j)) if self.beacon else ["0", "none"]
        hh = a("hh", seed, cadre, *chance)
        if self.quiz and j == 1:
            yield self.ask(cadre, hh)
        n = next(r["hh_n"] for r in self.rows if r["cadre"] == cadre)
        order = sorted(range(1, n + 1), key=lambda k: a("hh-ticket", hh, k))
        yield self.line("hh_order", {"j": j, "cadre": cadre, "order": order})
        if self.quiz and j > 1:
            yield self.ask(cadre, hh)
        yield from self.calls(cadre, order)

    def askable(self, cadre: str) -> dict[str, Any]:
        """Two households; the second one told of its land alone."""
        items = [[1, "land"], [1, "water"], [2, "land"]]
        homes = [a("home", cadre, i) for i in range(2)]
        return {"cadre": cadre, "homes": homes, "items": items, "salt": a("salt", cadre)[:32]}

    def ask(self, cadre: str, seed: str) -> Line:
        """With three pairs and none withdrawn the rule fits on a page."""
        leaf = self.askable(cadre)
        tickets = {
            sha(f"cadre-quiz/1|ticket|{seed}|{n}|{field}".encode()): [n, field]
            for n, field in leaf["items"]
        }
        first, *others = [tickets[one] for one in sorted(tickets)]
        # Whoever shares neither field nor household comes next, else who shares the household only.
        others.sort(key=lambda one: (one[1] == first[1], one[0] == first[0]))
        return self.line("quiz", {**leaf, "withdrawn": [], "asked": [first, others[0]]})

    def calls(self, cadre: str, order: list[int]) -> Iterator[Line]:
        """One household after the other; the score comes after the call, the final code last."""
        done = 0
        for k in order:
            if done == 2:
                return
            of = {"cadre": cadre, "k": k}
            yield self.line("hh_open", of)
            statuses = (["completed"], ["busy", "no-answer"], ["failed"], ["completed"])[k % 4]
            for n, status in enumerate(statuses, start=1):
                talk_s = 55 if status == "completed" else 0
                call = {"attempt": n, "sid": f"CA-{cadre}-{k}-{n}", "status": status}
                yield self.line("call", {**of, **call, "ring_s": 9, "talk_s": talk_s}, 120)
            if k % 4 == 0:
                yield self.line("score", {**of, "sha256": a("score", cadre, k)})
                done += 1
            code = ("completed", "no_answer", "invalid_number", "refused")[k % 4]
            yield self.line("hh_final", {**of, "code": code})

    def bound(self, purpose: str, j: int) -> Chance:
        one = self.rounds.pop(0)
        due = self._time(one["round"])
        of = {"purpose": purpose, "j": j, "round": one["round"]}
        self.at = max(self.at, due - timedelta(seconds=12))
        if purpose == "master":
            self.at = due - timedelta(seconds=58)
        yield self.line("bind", {**of, "round_time": f"{due:%Y-%m-%dT%H:%M:%SZ}"}, 1)
        self.at = due + timedelta(seconds=2)
        randomness = sha(bytes.fromhex(one["signature"]))
        yield self.line("beacon", {**of, "signature": one["signature"], "randomness": randomness})
        return [str(one["round"]), randomness]

    def line(self, kind: str, body: dict[str, Any], after_s: int = 5) -> Line:
        self.at += timedelta(seconds=after_s)
        return kind, body, after_s

    @staticmethod
    def _time(number: int) -> datetime:
        return datetime.fromtimestamp(1692803367 + (number - 1) * 3, UTC)

    @property
    def bundle(self) -> Bundle:
        return Bundle(self.manifest, self.roster, self.transcript)


SESSIONS = {
    "dice": Stranger(),
    "first of all, prev_head left out": Stranger(first_ever="left out"),
    "first of all, prev_head zeros": Stranger(first_ever="zeros"),
    "aborted": Stranger(aborted=True),
    "beacon": Stranger(beacon=True),
    "witnesses": Stranger(witnesses=4),
    "beacon and witnesses": Stranger(beacon=True, witnesses=3),
    "quiz": Stranger(quiz=True, sizes={"U02": 20}, slots=("U02", "U02")),
    "one pot": Stranger(sizes={"A01": 2}, slots=("A01", "A01")),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_both_verifiers_accept_what_the_text_allows(name: str) -> None:
    bundle = SESSIONS[name].bundle
    report = verified(bundle)
    assert report.exit_code == 0, report
    if NODE is not None:
        assert judged([(files_of(bundle), "")]) == [told(report)]
