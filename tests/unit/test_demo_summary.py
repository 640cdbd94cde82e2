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


def test_columns_line_up_although_a_chinese_character_is_twice_as_wide() -> None:
    lines = columns([("大屏", "a", "x"), ("pad", "bb", "y")]).splitlines()
    assert lines == ["  大屏  a   x", "  pad   bb  y"]
