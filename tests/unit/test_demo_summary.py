"""The summary of an unattended session counts what the rounds and the transcript say."""

import json
from pathlib import Path
from typing import Any

from evalsys.cli.demo_summary import FalseClaims, summarize
from evalsys.cli.demo_visitors import columns


def a_round(**changes: object) -> dict[str, Any]:
    return {
        "verdict": "not_done",
        "votes": {"satisfied": 3, "basically_satisfied": 2, "not_satisfied": 1, "seats": 8},
        "released": {"answered": 5, "mean_tenths": 31, "band": "mean"},
        "comments": 2,
        "pledges": [{}],
        "investigations": [],
        **changes,
    }


def a_transcript(folder: Path, *entries: tuple[str, dict[str, Any]]) -> Path:
    path = folder / "transcript.jsonl"
    lines = [json.dumps({"type": kind, "body": body}) for kind, body in entries]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_counts_come_from_the_rounds_and_from_the_public_transcript(tmp_path: Path) -> None:
    transcript = a_transcript(
        tmp_path,
        ("call", {"status": "completed"}),
        ("call", {"status": "busy"}),
        ("score", {}),
        ("hh_final", {"code": "completed"}),
        ("hh_final", {"code": "no_answer"}),
    )
    rounds = [
        a_round(),
        a_round(
            verdict="accounts_differ",
            released={"answered": 2, "mean_tenths": None, "band": "too_few"},
            pledges=[],
            investigations=[{}],
        ),
    ]
    summary = summarize(rounds, transcript, FalseClaims(planted=9, asked=4, exposed=3))
    assert summary["slots"] == 2
    assert summary["calls"]["attempts"] == 2
    assert summary["calls"]["by_status"] == {"busy": 1, "completed": 1}
    assert summary["calls"]["by_disposition"]["no_answer"] == 1
    assert summary["calls"]["by_disposition"]["refused"] == 0
    assert summary["scores"] == {"committed": 1, "rounds_published": 1, "rounds_too_few": 1}
    assert summary["votes"] == {
        "cast": 12,
        "satisfied": 6,
        "basically_satisfied": 4,
        "not_satisfied": 2,
        "not_cast": 4,
    }
    assert summary["verdicts"]["accounts_differ"] == 1
    assert summary["verdicts"]["confirmed"] == 0
    assert (summary["pledges"], summary["investigations"]) == (1, 1)
    assert summary["false_claims"] == {"planted": 9, "asked": 4, "exposed": 3}


def test_a_naming_is_counted_apart_from_everything_that_was_drawn(tmp_path: Path) -> None:
    drawn, named = "00000001", "00000002"
    transcript = a_transcript(
        tmp_path,
        ("hh_order", {"j": 1, "cadre": drawn}),
        ("call", {"cadre": drawn, "status": "completed"}),
        ("named", {"cadre": named}),
        ("hh_order", {"j": 0, "cadre": named}),
        ("call", {"cadre": named, "status": "busy"}),
        ("hh_final", {"cadre": named, "code": "no_answer"}),
    )
    naming = {"n": 1, "by": "media", "who": "媒体 01", "reason": "来信反映"}
    rounds = [a_round(), a_round(naming=naming, verdict="confirmed")]
    summary = summarize(rounds, transcript, FalseClaims(0, 0, 0))
    assert (summary["slots"], summary["named"]) == (1, 1)
    assert summary["calls"]["by_status"] == {"completed": 1}
    assert sum(summary["verdicts"].values()) == 1
    assert summary["named_rounds"]["calls"]["by_status"] == {"busy": 1}
    assert summary["named_rounds"]["verdicts"]["confirmed"] == 1


def test_programmes_have_no_votes_and_no_findings(tmp_path: Path) -> None:
    summary = summarize(
        [a_round(votes=None, verdict=None, pledges=[])],
        a_transcript(tmp_path, ("call", {"status": "completed"})),
        FalseClaims(0, 0, 0),
    )
    assert summary["slots"] == 1
    assert summary["votes"]["cast"] == summary["votes"]["not_cast"] == 0
    assert sum(summary["verdicts"].values()) == 0


def test_columns_line_up_although_a_chinese_character_is_twice_as_wide() -> None:
    lines = columns([("大屏", "a", "x"), ("pad", "bb", "y")]).splitlines()
    assert lines == ["  大屏  a   x", "  pad   bb  y"]
