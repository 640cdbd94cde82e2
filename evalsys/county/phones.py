"""Telephone numbers of a made-up county: some shared, missing, misspelt or not the household's."""

from typing import Final

from evalsys.county.dice import Dice
from evalsys.domain.phone_number import FICTITIOUS_PREFIX

MISSING_PER_MILLE: Final = 20
MISSPELT_PER_MILLE: Final = 12
ORNATE_PER_MILLE: Final = 5
"""Written with spaces: well-formed all the same."""
CADRES_OWN_PER_MILLE: Final = 8
"""Households for which a lying official wrote down the official's own number."""

_STRIDE: Final = 48_271_603
_NUMBERS: Final = 10**8

HandedIn = tuple[str, tuple[str, ...]]
"""A number as the official typed it, and the numbers (E.164) to which it gives rise."""


class PhoneBook:
    """Gives out fictitious mobile numbers, each once, scattered over the range."""

    def __init__(self, seed: int) -> None:
        """Begin at a place that depends on the seed."""
        self._dice = Dice(seed, "phones")
        self._next = self._dice.randrange(_NUMBERS)

    def new(self) -> str:
        """Give the next number as people write it: eleven digits."""
        # The stride has no factor in common with 10**8, so nothing comes twice.
        self._next = (self._next + _STRIDE) % _NUMBERS
        return f"{FICTITIOUS_PREFIX}{self._next:08d}"

    def handed_in(self, liars_own: str) -> HandedIn:
        """Give a household's number as handed in by an official.

        `liars_own` is the number of an official who does not shrink from it, else empty.
        """
        number = self.new()
        chance = self._dice.random() * 1000
        if chance < MISSING_PER_MILLE:
            return "", ()
        chance -= MISSING_PER_MILLE
        if chance < MISSPELT_PER_MILLE:
            return self._misspelt(number), ()
        chance -= MISSPELT_PER_MILLE
        if liars_own and chance < CADRES_OWN_PER_MILLE:
            return liars_own, ()
        chance -= CADRES_OWN_PER_MILLE
        if chance < ORNATE_PER_MILLE:
            return f"{number[:3]} {number[3:7]} {number[7:]}", (f"+86{number}",)
        return number, (f"+86{number}",)

    def _misspelt(self, number: str) -> str:
        at = 3 + int(self._dice.random() * 7)
        kind = self._dice.random()
        if kind < 0.4:
            return number[:at] + number[at + 1 :]
        if kind < 0.7:
            return number[:at] + number[at] + number[at:]
        if kind < 0.9:
            return number[:at] + "O" + number[at + 1 :]
        return "无"
