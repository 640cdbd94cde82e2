"""What an unattended session came to: `summary.json` (docs/formats/summary.md)."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalsys.domain.live.words import Verdict
from evalsys.domain.manifest import FinalCode
from evalsys.domain.roster import HouseholdClaims
from evalsys.ids import CadreNumber, HouseholdCode, LiveId
from evalsys.store import draws, roster
from evalsys.store.database import Database

Round = Mapping[str, Any]
"""One round as the console showed it last."""
Line = tuple[str, Mapping[str, Any]]
"""Type and body of a line of the transcript."""

QUESTIONS = ("visited", "solved")
"""The claims about which a household is asked; the truth file uses the same names."""


@dataclass(frozen=True, slots=True)
class FalseClaims:
    """Untrue records of the drawn cadres: in all, asked about, and denied by the household."""

    planted: int
    asked: int
    exposed: int


def summarize(rounds: Iterable[Round], transcript: Path, false: FalseClaims) -> dict[str, Any]:
    """Count what the rounds show and what the public transcript records.

    Everything at the top is of drawn cadres; namings 点名 are counted apart (Y35).
    """
    rounds = list(rounds)
    named = [one for one in rounds if one.get("naming")]
    drawn = [one for one in rounds if not one.get("naming")]
    lines = _lines(transcript)
    return {
        "slots": len(drawn),
        "named": len(named),
        **_figures(drawn, [body for body, is_named in lines if not is_named]),
        "named_rounds": _figures(named, [body for body, is_named in lines if is_named]),
        "false_claims": {
            "planted": false.planted,
            "asked": false.asked,
            "exposed": false.exposed,
        },
    }


def _lines(transcript: Path) -> list[tuple[Line, bool]]:
    """Read the transcript's lines, and whether each is about a named cadre's households."""
    named: dict[str, bool] = {}
    found = []
    for text in transcript.read_text("utf-8").splitlines():
        line = json.loads(text)
        kind, body = line["type"], line["body"]
        if kind == "hh_order":
            named[body["cadre"]] = body.get("j") == 0
        found.append(((kind, body), named.get(body.get("cadre", ""), False)))
    return found


def _figures(rounds: list[Round], bodies: list[Line]) -> dict[str, Any]:
    calls = Counter(body["status"] for kind, body in bodies if kind == "call")
    finals = Counter(body["code"] for kind, body in bodies if kind == "hh_final")
    verdicts = Counter(one["verdict"] for one in rounds if one["verdict"])
    votes = Counter[str]()
    for one in rounds:
        votes.update(one["votes"] or {})
    released = [one["released"] for one in rounds if one["released"]]
    cast = sum(votes[choice] for choice in ("satisfied", "basically_satisfied", "not_satisfied"))
    return {
        "calls": {
            "attempts": sum(calls.values()),
            "by_status": dict(sorted(calls.items())),
            "by_disposition": {code.value: finals[code.value] for code in FinalCode},
        },
        "scores": {
            "committed": sum(kind == "score" for kind, _ in bodies),
            "rounds_published": sum(one["band"] != "too_few" for one in released),
            "rounds_too_few": sum(one["band"] == "too_few" for one in released),
        },
        "comments": sum(one["comments"] for one in rounds),
        "votes": {
            "cast": cast,
            "satisfied": votes["satisfied"],
            "basically_satisfied": votes["basically_satisfied"],
            "not_satisfied": votes["not_satisfied"],
            "not_cast": votes["seats"] - cast,
        },
        "verdicts": {verdict.value: verdicts[verdict.value] for verdict in Verdict},
        "pledges": sum(len(one["pledges"]) for one in rounds),
        "investigations": sum(len(one["investigations"]) for one in rounds),
    }


def count_false_claims(
    database: Database, live: LiveId, rounds: Iterable[Round], truth: Path
) -> FalseClaims:
    """Compare what the drawn cadres recorded with what their households know.

    Only a demonstration can do this: in a real county nobody has a truth file.
    """
    rounds = list(rounds)
    known = dict(_truth_of({one["cadre"] for one in rounds}, truth))
    planted = asked = exposed = 0
    with database.read() as db:
        for one in rounds:
            cadre = CadreNumber(one["cadre"])
            claims = roster.claims_of(db, cadre)
            places = {held.household: held.k for held in draws.households_of(db, live, cadre)}
            replies = {call["k"]: call["replies"] for call in one["calls"]}
            for household, claimed in claims.items():
                lies = _lies(claimed, known.get(household, {}))
                told = replies.get(places.get(household, 0), {})
                planted += len(lies)
                asked += sum(lie in told for lie in lies)
                exposed += sum(lie in told and told[lie]["reply"] == "no" for lie in lies)
    return FalseClaims(planted, asked, exposed)


def _lies(claimed: HouseholdClaims, knows: Mapping[str, Any]) -> list[str]:
    recorded = {"visited": bool(claimed.visits), "solved": bool(claimed.solved)}
    return [
        question for question in QUESTIONS if recorded[question] and knows.get(question) is False
    ]


def _truth_of(cadres: set[str], truth: Path) -> Iterator[tuple[HouseholdCode, Mapping[str, Any]]]:
    with truth.open(encoding="utf-8") as lines:
        for line in lines:
            knows = json.loads(line)
            if knows["cadre"] in cadres:
                yield HouseholdCode(knows["household"]), knows
