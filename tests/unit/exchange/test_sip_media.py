import wave
from pathlib import Path

import pytest

np = pytest.importorskip("numpy", reason="the extra evalsys[sip] is not installed")

from evalsys.exchange.sip.hall import Hall  # noqa: E402 - after the check for numpy
from evalsys.exchange.sip.leg import Leg  # noqa: E402 - after the check for numpy
from evalsys.exchange.sip.media import (  # noqa: E402 - after the check for numpy
    FRAME_SAMPLES,
    RATE,
    Samples,
    loudness,
    mixed,
    read_wave,
)


def tone(hertz: float, seconds: float, rate: int = RATE, volume: int = 8000) -> Samples:
    at = np.arange(int(seconds * rate)) / rate
    return (volume * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def pitch(sound: Samples, rate: int = RATE) -> float:
    """The strongest frequency in a sound."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(np.argmax(spectrum) * rate / len(sound))


def a_wave(folder: Path, sound: Samples, rate: int, channels: int = 1, width: int = 2) -> Path:
    target = folder / "sound.wav"
    with wave.open(str(target), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(sound.tobytes())
    return target


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 22050, 44100, 48000])
def test_a_sound_of_any_rate_keeps_its_pitch_and_length(tmp_path: Path, rate: int) -> None:
    sound = read_wave(a_wave(tmp_path, tone(440, 1.0, rate), rate))
    assert abs(len(sound) - RATE) <= 2
    assert abs(pitch(sound) - 440) < 3
    assert 5000 < loudness(sound) < 6000


def test_what_a_telephone_cannot_carry_is_gone_not_folded_down(tmp_path: Path) -> None:
    sound = read_wave(a_wave(tmp_path, tone(6000, 1.0, 22050), 22050))
    assert loudness(sound) < 100


def test_stereo_and_eight_bits_are_read(tmp_path: Path) -> None:
    both = np.repeat(tone(500, 0.5), 2)
    assert abs(pitch(read_wave(a_wave(tmp_path, both, RATE, channels=2))) - 500) < 3
    coarse = (tone(500, 0.5) // 256 + 128).astype(np.uint8)
    assert abs(pitch(read_wave(a_wave(tmp_path, coarse, RATE, width=1))) - 500) < 3


@pytest.mark.parametrize("content", [b"", b"RIFF", b"\xff\xfbmp3" * 50])
def test_what_is_no_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.wav"
    bad.write_bytes(content)
    with pytest.raises(ValueError, match="WAV"):
        read_wave(bad)


def test_voices_add_up_and_are_clipped_not_wrapped() -> None:
    loud = np.full(FRAME_SAMPLES, 30000, np.int16)
    assert mixed([loud, loud]).max() == 32767
    assert mixed([-loud, -loud]).min() == -32767
    assert mixed([loud, -loud]).any() == np.False_
    assert (mixed([loud]) == loud).all()
    assert not mixed([]).any()


class LoopWire:
    """The wire of a telephone that a test holds: what it says, and what it was played."""

    def __init__(self) -> None:
        self.says = bytearray()
        self.played = bytearray()
        self.unsent = 0

    def read(self, most: int) -> bytes:
        piece = bytes(self.says[:most])
        del self.says[:most]
        return piece

    def write(self, pcm: bytes) -> int:
        self.played += pcm
        self.unsent += len(pcm)
        return len(pcm)

    def flush(self) -> None:
        del self.played[len(self.played) - self.unsent :]
        self.unsent = 0

    def waiting(self) -> int:
        return self.unsent

    def passes(self, seconds: float) -> None:
        self.unsent = max(0, self.unsent - int(seconds * RATE) * 2)


def a_leg() -> tuple[Leg, LoopWire, list[tuple[str, dict[str, object]]]]:
    wire, told = LoopWire(), []
    return Leg(wire, lambda what, **more: told.append((what, more))), wire, told


def test_a_prompt_is_fed_a_little_ahead_and_told_when_it_was_heard() -> None:
    leg, wire, told = a_leg()
    leg.play(7, tone(440, 3.0))
    assert len(wire.played) == 2 * RATE
    for _ in range(32):
        wire.passes(0.1)
        leg.serve()
    assert bytes(wire.played) == tone(440, 3.0).tobytes()
    assert told == [("heard", {"prompt": 7})]


def test_a_key_silences_a_prompt_within_what_was_fed_ahead() -> None:
    leg, wire, told = a_leg()
    leg.play(7, tone(440, 5.0))
    wire.passes(0.1)
    leg.hush()
    leg.serve()
    assert len(wire.played) <= 2 * RATE // 10
    assert told == []


def test_a_comment_is_sent_in_pieces_and_silence_ends_it_once() -> None:
    leg, wire, told = a_leg()
    leg.record(1.0, beeps=False)
    for sound in (tone(300, 1.0), np.zeros(2 * RATE, np.int16)):
        for start in range(0, len(sound), 800):
            wire.says += sound[start : start + 800].tobytes()
            leg.serve()
    leg.stop_recording()
    whats = [what for what, _ in told]
    assert whats.count("spoken") == whats.count("silence") == 1
    assert whats.index("spoken") < whats.index("silence")
    sent = b"".join(bytes(more["pcm"]) for what, more in told if what == "sound")  # type: ignore[call-overload] # a test's own list
    assert len(sent) == 2 * 3 * RATE


def test_nothing_said_is_silence_without_speech() -> None:
    leg, wire, told = a_leg()
    leg.record(1.0, beeps=True)
    for _ in range(16):
        wire.says += bytes(1600)
        leg.serve()
    assert [what for what, _ in told if what != "sound"] == ["silence"]


def test_in_company_one_hears_the_others_with_the_prompt_over_them() -> None:
    leg, wire, told = a_leg()
    leg.arrange(("other",), is_heard=False)
    leg.play(3, tone(440, 0.04))
    voice = np.full(FRAME_SAMPLES, 100, np.int16)
    for _ in range(3):
        leg.take_frame()
        leg.give_frame([voice])
    played = np.frombuffer(bytes(wire.played), np.int16)
    assert (played[:320] == tone(440, 0.04) + 100).all()
    assert (played[320:] == 100).all()
    assert ("heard", {"prompt": 3}) in told


def test_a_prompt_that_company_interrupts_goes_on_where_it_was_heard() -> None:
    leg, wire, _ = a_leg()
    leg.play(3, tone(440, 1.0))
    wire.passes(0.5)
    leg.arrange(("other",), is_heard=False)
    assert bytes(wire.played) == tone(440, 0.5).tobytes()
    for _ in range(25):
        leg.take_frame()
        leg.give_frame([np.zeros(FRAME_SAMPLES, np.int16)])
        wire.passes(0.02)
    assert bytes(wire.played) == tone(440, 1.0).tobytes()


def test_who_is_heard_too_late_is_heard_without_the_delay() -> None:
    leg, wire, _ = a_leg()
    leg.arrange((), is_heard=True)
    wire.says += tone(440, 1.0).tobytes()
    leg.take_frame()
    kept = 0
    while leg.frame.any():
        kept += 1
        leg.take_frame()
    assert kept <= 6


def test_speech_in_company_is_told_at_its_start_and_end() -> None:
    leg, wire, told = a_leg()
    leg.arrange((), is_heard=True)
    for sound in [tone(300, 0.02)] * 20 + [np.zeros(FRAME_SAMPLES, np.int16)] * 60:
        wire.says += sound.tobytes()
        leg.take_frame()
    assert told == [("voice", {"on": True}), ("voice", {"on": False})]


def test_the_feed_hears_a_talk_seconds_later_and_nothing_of_what_was_dumped() -> None:
    hall = Hall(lambda *_, **__: None)
    wires = {name: LoopWire() for name in ("household", "hall", "feed")}
    for name, wire in wires.items():
        hall.enter(name, wire)
    for listener in ("hall", "feed"):
        hall.obey(listener, {"do": "hear", "others": "household"})
    hall.obey("feed", {"do": "delay", "seconds": 1.0})

    def talk(said: Samples) -> None:
        for start in range(0, len(said), FRAME_SAMPLES):
            wires["household"].says += said[start : start + FRAME_SAMPLES].tobytes()
            hall._serve_live()
            for wire in wires.values():
                wire.passes(0.02)

    before, after = tone(300, 3.0), tone(500, 2.0)
    talk(before)
    hall.obey("feed", {"do": "delay", "seconds": 1.0})  # dumped: the last second never goes out
    talk(after)
    aired = np.frombuffer(bytes(wires["feed"].played), np.int16)
    silence = np.zeros(RATE, np.int16)
    expected = np.concatenate([silence, before[: 2 * RATE], silence, after[:RATE]])
    assert (aired == expected).all()
    heard_live = np.frombuffer(bytes(wires["hall"].played), np.int16)
    assert (heard_live == np.concatenate([before, after])).all()
