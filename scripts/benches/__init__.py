"""Measurements beside peers: each module here offers `run(repeat) -> list[Figure]`."""
