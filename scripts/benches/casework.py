"""Casework: requests, their clocks and boards, and what many of them have in common."""

from scripts.benches import casework_issues
from scripts.benches.figure import Figure


def run(repeat: int) -> list[Figure]:
    """Measure every part of the room."""
    return casework_issues.run(repeat)
