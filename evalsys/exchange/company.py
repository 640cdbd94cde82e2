"""Live voices: what one person says, and what another hears of several, while they talk.

All sound is 8000 samples a second, 16 bits, mono, as bytes. Pages send and fetch a tenth of
a second at a time; real telephones a fiftieth. A cushion evens out that pieces arrive when
the network likes.
"""

from array import array
from collections.abc import Callable, Sequence
from typing import Protocol, runtime_checkable

BYTES_A_SECOND = 16000
_LOUDEST = 32767
_SPEECH = 260.0


class Cushion:
    """Sound that waits to be heard: a little, so that gaps do not show; never much."""

    def __init__(self, begin_seconds: float = 0.15, most_seconds: float = 0.5) -> None:
        """Let sound out once `begin_seconds` have come; drop what is older than the most."""
        self._begin = int(begin_seconds * BYTES_A_SECOND)
        self._most = int(most_seconds * BYTES_A_SECOND)
        self._waiting = bytearray()
        self._flows = False

    def put(self, pcm: bytes) -> None:
        """Take a piece."""
        self._waiting += pcm
        if len(self._waiting) > self._most:
            del self._waiting[: (len(self._waiting) - self._begin) // 2 * 2]

    def take(self, size: int) -> bytes:
        """Return `size` bytes, silence where there is nothing."""
        self._flows = len(self._waiting) >= (1 if self._flows else max(self._begin, 1))
        if not self._flows:
            return bytes(size)
        piece = bytes(self._waiting[:size])
        del self._waiting[:size]
        return piece.ljust(size, b"\0")


class DelayLine:
    """A ring of sound: what goes in comes out so many seconds later, unless it is dumped."""

    def __init__(self, seconds: float) -> None:
        """Begin with `seconds` of silence."""
        self._ring = bytearray(2 * round(seconds * BYTES_A_SECOND / 2))
        self._at = 0

    def through(self, pcm: bytes) -> bytes:
        """Take a piece, and return as much of what went in before."""
        came = bytearray()
        while pcm:
            stretch = slice(self._at, min(self._at + len(pcm), len(self._ring)))
            size = stretch.stop - stretch.start
            came += self._ring[stretch]
            self._ring[stretch] = pcm[:size]
            self._at, pcm = stretch.stop % len(self._ring), pcm[size:]
        return bytes(came)

    def dump(self) -> None:
        """Throw away all that has not come out yet: so many seconds of silence follow."""
        self._ring = bytearray(len(self._ring))


class Hearer(Protocol):
    """Whoever is handed what a mouth says."""

    def hears(self, mouth: "Mouth", pcm: bytes) -> None:
        """Take a piece of sound."""


class Mouth:
    """What a person says, handed to all who hear it."""

    def __init__(self, wanted: Callable[[bool], object] = lambda _: None) -> None:
        """Call `wanted` when the first begins to hear it, and when the last has gone."""
        self._wanted = wanted
        self._hearers: list[Hearer] = []

    def say(self, pcm: bytes) -> None:
        """Hand a piece of sound to everybody who hears."""
        for hearer in list(self._hearers):
            hearer.hears(self, pcm)

    def add(self, hearer: Hearer) -> None:
        """Let one more hear it."""
        self._hearers.append(hearer)
        if len(self._hearers) == 1:
            self._wanted(True)  # noqa: FBT003 - a callback of one flag

    def remove(self, hearer: Hearer) -> None:
        """Let one less hear it."""
        self._hearers.remove(hearer)
        if not self._hearers:
            self._wanted(False)  # noqa: FBT003 - a callback of one flag


@runtime_checkable
class Speaking(Protocol):
    """A line whose person can be heard live."""

    mouth: Mouth


class Ear:
    """What a person hears: several mouths at once."""

    def __init__(self) -> None:
        """Hear nobody."""
        self._cushions: dict[Mouth, Cushion] = {}

    def hear(self, mouths: Sequence[Mouth]) -> None:
        """Hear exactly these from now on."""
        for mouth in [each for each in self._cushions if each not in mouths]:
            mouth.remove(self)
            del self._cushions[mouth]
        for mouth in mouths:
            if mouth not in self._cushions:
                self._cushions[mouth] = Cushion()
                mouth.add(self)

    def hears(self, mouth: Mouth, pcm: bytes) -> None:
        """Take a piece of what one of them says."""
        self._cushions[mouth].put(pcm)

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes of all of them together."""
        voices = [_samples(cushion.take(size)) for cushion in self._cushions.values()]
        if not voices:
            return bytes(size)
        together = (max(-_LOUDEST, min(_LOUDEST, sum(each))) for each in zip(*voices, strict=True))
        return array("h", together).tobytes()


def is_speech(pcm: bytes) -> bool:
    """Return whether somebody speaks in a piece of sound."""
    samples = _samples(pcm)
    return bool(samples) and sum(each * each for each in samples) > _SPEECH**2 * len(samples)


def _samples(pcm: bytes) -> "array[int]":
    return array("h", pcm[: len(pcm) // 2 * 2])
