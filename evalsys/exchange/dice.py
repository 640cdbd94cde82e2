"""Seeded chance: the same seed and number always behave the same, on every machine."""

from hashlib import sha256


class Dice:
    """Chances for one occasion; each throw is named, so a new one does not shift the others."""

    def __init__(self, seed: int, *occasion: str | int) -> None:
        """Take the seed and what the throws are for."""
        self._prefix = "|".join(map(str, (seed, *occasion)))

    def share(self, name: str) -> float:
        """Return a number from 0 up to but not including 1."""
        digest = sha256(f"{self._prefix}|{name}".encode()).digest()
        return int.from_bytes(digest[:7]) / (1 << 56)

    def between(self, name: str, least: int, most: int) -> int:
        """Return a whole number from `least` to `most`, both included."""
        return least + int(self.share(name) * (most - least + 1))

    def within(self, name: str, least: float, most: float) -> float:
        """Return a number between `least` and `most`."""
        return least + self.share(name) * (most - least)
