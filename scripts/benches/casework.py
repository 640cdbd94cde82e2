"""Casework: requests, their clocks and boards, and what many of them have in common."""

from scripts.benches import casework_boards, casework_issues, casework_loop
from scripts.benches.figure import Figure


def run(repeat: int) -> list[Figure]:
    """Measure every part of the room."""
    return [
        *casework_loop.run(repeat),
        *casework_boards.run(repeat),
        *casework_issues.run(repeat),
    ]
