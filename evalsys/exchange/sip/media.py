"""Telephone sound as numbers: 8 kHz, 16 bits, mono; a frame is twenty milliseconds."""

import math
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

Samples: TypeAlias = Any
"""A numpy array of 16-bit numbers; the type checker must do without numpy where it is absent."""

RATE = 8000
FRAME_SAMPLES = 160
FRAME_SECONDS = FRAME_SAMPLES / RATE
_LOUDEST = 32767
_FILTER_TAPS = 63
_BEEP_HERTZ = 1000
_BEEP_SECONDS = 0.4
SILENCE: Samples = np.zeros(FRAME_SAMPLES, np.int16)


def mixed(sounds: Sequence[Samples]) -> Samples:
    """Return several sounds of one length at once; what grows too loud is clipped, not wrapped."""
    if len(sounds) < 2:
        return sounds[0] if sounds else SILENCE
    return clipped(np.sum(np.stack(sounds).astype(np.int32), axis=0))


def clipped(sound: Samples) -> Samples:
    """Return a sound within 16 bits."""
    return np.clip(sound, -_LOUDEST, _LOUDEST).astype(np.int16)


def loudness(sound: Samples) -> float:
    """Return how loud a piece of sound is: its root mean square, 0 to 32767."""
    if not sound.size:
        return 0.0
    # One pass and no array between: this is asked of every frame of everybody in company.
    loud = sound.astype(np.float32)
    return math.sqrt(float(np.dot(loud, loud)) / loud.size)


def beep() -> Samples:
    """Return the tone after which one speaks."""
    at: Samples = np.arange(int(_BEEP_SECONDS * RATE)) / RATE
    return clipped(8000 * np.sin(2 * np.pi * _BEEP_HERTZ * at))


def read_wave(path: Path) -> Samples:
    """Return the sound of a PCM WAV file of any rate, as a telephone carries it.

    Raises:
        ValueError: the file is no WAV of 8 or 16 bits.
    """
    try:
        with wave.open(str(path)) as file:
            channels, width, rate = file.getparams()[:3]
            raw = file.readframes(file.getnframes())
    except (wave.Error, EOFError) as error:
        message = f"not a PCM WAV: {error}"
        raise ValueError(message) from error
    if width == 2:
        sound = np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.float64)
    elif width == 1:
        sound = (np.frombuffer(raw, np.uint8).astype(np.float64) - 128) * 256
    else:
        message = f"{8 * width} bits a sample"
        raise ValueError(message)
    whole = len(sound) // channels * channels
    return clipped(_resampled(sound[:whole].reshape(-1, channels).mean(axis=1), rate))


def _resampled(sound: Samples, rate: int) -> Samples:
    """Return a sound at the telephone's rate; what it cannot carry is filtered out first."""
    if rate == RATE or not sound.size:
        return sound
    if rate > RATE:
        cut = 0.45 * RATE / rate
        at: Samples = np.arange(_FILTER_TAPS) - _FILTER_TAPS // 2
        kernel = 2 * cut * np.sinc(2 * cut * at) * np.hamming(_FILTER_TAPS)
        # Longer than the filter, or numpy would answer with the filter's length.
        padded = np.pad(sound, _FILTER_TAPS // 2)
        sound = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    wanted = np.arange(int(len(sound) * RATE / rate)) * (rate / RATE)
    return np.interp(wanted, np.arange(len(sound)), sound)
