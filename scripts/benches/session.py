"""The session: replaying its record, and playing a whole one through every door."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts.benches import replay
from scripts.benches.figure import Figure

SLOTS = 3
CADRES, HOUSEHOLDS = 10_180, 337_000
FIRST_NUMBER_WITHIN_S = 180.0
"""From nothing to the first drawn number, after packages are installed."""


def run(repeat: int) -> list[Figure]:
    """Replay a long log beside its floor; play one unattended session of a real-size county."""
    return [*replay.run(repeat), *_one_session()]


def _one_session() -> list[Figure]:
    """Play one session from an empty folder. Once: it takes minutes and times its own stages."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [
            *(sys.executable, "-m", "evalsys", "demo", "--unattended", "--out", str(out)),
            *("--data", folder, "--slots", str(SLOTS)),
            *("--cadres", str(CADRES), "--households", str(HOUSEHOLDS)),
        ]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        seconds: dict[str, float] = json.loads((out / "summary.json").read_text("utf-8"))["seconds"]
    before_first = ("prepare", "start", "freeze", "ceremony")
    first = sum(seconds[stage] for stage in before_first) + seconds["draw"] / SLOTS
    return [
        Figure("session", "nothing to first number", first, "s", target=FIRST_NUMBER_WITHIN_S),
        *(Figure("session", f"stage {stage}", taken, "s") for stage, taken in seconds.items()),
    ]
