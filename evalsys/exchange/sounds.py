"""Sounds: how long one lasts, and tones made where no human voice is at hand."""

import io
import logging
import math
import struct
import wave
from array import array
from collections import OrderedDict
from collections.abc import Iterable
from functools import lru_cache
from itertools import cycle, islice
from urllib.parse import urlsplit

from evalsys.exchange.connections import Reply
from evalsys.exchange.webhooks import Unreachable, Webhooks
from evalsys.exchange.wire import new_sid

SAMPLES_A_SECOND = 8000
WAVE_TYPE = "audio/x-wav"
_UNKNOWN_SECONDS = 3.0
_COMPRESSED_BYTES_A_SECOND = 4000  # 32 kbit/s, common for telephone prompts
_MOST_SOUNDS_KNOWN = 500
_LONGEST_SYLLABLE = SAMPLES_A_SECOND // 5
"""Of one length for nearly all comments, so that each tone is reckoned once."""

_log = logging.getLogger(__name__)


class Sounds:
    """The sounds that applications play, and how long they last.

    A document may name any address, and documents arrive over the network: sounds are
    fetched from the application alone, so that nobody makes this machine ask another.
    """

    def __init__(self, webhooks: Webhooks, application_url: str = "") -> None:
        """Fetch sounds through `webhooks`, from `application_url` alone.

        Without one, from wherever a call placed through the API says its first document is.
        """
        self._webhooks = webhooks
        self._is_fixed = bool(application_url)
        self._origins = {_origin(application_url)} if application_url else set()
        self._known: OrderedDict[str, float] = OrderedDict()

    def trust(self, url: str) -> None:
        """Note where a call's first document is, unless the application is known."""
        if url and not self._is_fixed:
            self._origins.add(_origin(url))

    def seconds_of(self, url: str) -> float:
        """Return the length of the sound at `url`; 0 when it cannot be fetched (11200)."""
        if url in self._known:
            self._known.move_to_end(url)
            return self._known[url]
        reply = self.fetch(url)
        if reply is None:
            return 0.0
        self._known[url] = _length(reply.body)
        if len(self._known) > _MOST_SOUNDS_KNOWN:
            self._known.popitem(last=False)
        return self._known[url]

    def fetch(self, url: str) -> Reply | None:
        """Return the sound at `url`, None when it is not to be had, or not the application's."""
        if _origin(url) not in self._origins:
            _log.warning("11200 声音不在应用的地址上，不取 · not a sound of the application")
            return None
        try:
            reply = self._webhooks.send("GET", url, {}, new_sid("IT"))
        except Unreachable:
            return None
        return reply if reply.status < 300 else None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme.lower(), parts.netloc.lower()


def _length(media: bytes) -> float:
    if media[:4] == b"RIFF":
        return wave_seconds(media) or _UNKNOWN_SECONDS
    return len(media) / _COMPRESSED_BYTES_A_SECOND


def wave_seconds(media: bytes) -> float | None:
    """Return the length of a WAV file, None when it is not one."""
    try:
        with wave.open(io.BytesIO(media)) as sound:
            seconds: float = sound.getnframes() / sound.getframerate()
            return seconds
    except (wave.Error, EOFError, ZeroDivisionError):
        return None


def spoken_stand_in(text: str, seconds: float) -> bytes:
    """Return a WAV that stands in for a voice saying `text`: a soft tone a character, over again.

    No words can be heard in it; each character has its own pitch, so that two comments
    do not sound alike. 8000 samples a second, 16 bits, mono.
    """
    letters = text or "…"
    frames = max(1, int(seconds * SAMPLES_A_SECOND))
    each = max(1, min(frames // len(letters), _LONGEST_SYLLABLE))
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_A_SECOND)
        for letter in islice(cycle(letters), frames // each):
            sound.writeframesraw(_syllable(180 + ord(letter) % 16 * 15, each))
        sound.writeframes(bytes(2 * (frames % each)))
    return target.getvalue()


@lru_cache(maxsize=256)
def _syllable(pitch: int, frames: int) -> bytes:
    samples = (
        int(
            6000
            * math.sin(math.pi * i / frames)
            * math.sin(math.tau * pitch * i / SAMPLES_A_SECOND)
        )
        for i in range(frames)
    )
    return struct.pack(f"<{frames}h", *samples)


def mixed(voices: Iterable[tuple[float, bytes]], frames: int) -> bytes:
    """Return a WAV of `frames` samples in which voices sound together, each from its second on.

    Voices are WAVs of 8000 samples a second, 16 bits, mono; others are left out.
    """
    total = array("l", bytes(array("l").itemsize * frames))
    for since, media in voices:
        begin = int(since * SAMPLES_A_SECOND)
        for place, sample in enumerate(_samples(media), begin):
            if place >= frames:
                break
            total[place] += sample
    return as_wave(array("h", (max(-32768, min(32767, each)) for each in total)).tobytes())


def as_wave(pcm: bytes) -> bytes:
    """Return sound of a telephone as a WAV: 8000 samples a second, 16 bits, mono."""
    target = io.BytesIO()
    with wave.open(target, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLES_A_SECOND)
        sound.writeframes(pcm)
    return target.getvalue()


def _samples(media: bytes) -> "array[int]":
    try:
        with wave.open(io.BytesIO(media)) as sound:
            if (sound.getnchannels(), sound.getsampwidth()) != (1, 2):
                return array("h")
            return array("h", sound.readframes(sound.getnframes()))
    except (wave.Error, EOFError):
        return array("h")
