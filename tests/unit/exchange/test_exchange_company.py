from array import array

from hypothesis import given
from hypothesis import strategies as st

from evalsys.exchange.company import Cushion, DelayLine, Ear, Mouth, is_speech

PIECE = 1600


def steady(level: int, size: int = PIECE) -> bytes:
    return array("h", [level] * (size // 2)).tobytes()


def test_each_hears_the_others_together_and_never_itself() -> None:
    mouths = [Mouth() for _ in range(3)]
    ears = [Ear() for _ in range(3)]
    for place, ear in enumerate(ears):
        ear.hear([each for each in mouths if each is not mouths[place]])
    for _ in range(3):
        for mouth, level in zip(mouths, (100, 1000, 10000), strict=True):
            mouth.say(steady(level))
    heard = [array("h", ear.take(PIECE))[0] for ear in ears]
    assert heard == [11000, 10100, 1100]


def test_who_is_no_longer_heard_is_no_longer_listened_to() -> None:
    wanted: list[bool] = []
    mouth, first, second = Mouth(wanted.append), Ear(), Ear()
    first.hear([mouth])
    second.hear([mouth])
    first.hear([])
    assert wanted == [True]
    second.hear(())
    assert wanted == [True, False]
    mouth.say(steady(1000))
    assert not any(first.take(PIECE))


def test_sums_are_clipped_not_wrapped() -> None:
    loud, ear = [Mouth() for _ in range(4)], Ear()
    ear.hear(loud)
    for mouth in loud:
        for _ in range(3):
            mouth.say(steady(30000))
    assert set(array("h", ear.take(PIECE))) == {32767}


@given(st.lists(st.integers(1, 700), max_size=40), st.integers(1, 2000))
def test_a_delay_line_gives_everything_back_later_and_in_order(
    sizes: list[int], delay: int
) -> None:
    line, said, heard = DelayLine(delay / 8000), b"", b""
    for n, size in enumerate(sizes):
        piece = array("h", range(100 * n, 100 * n + size)).tobytes()
        said += piece
        heard += line.through(piece)
    assert heard == (bytes(2 * delay) + said)[: len(said)]


def test_what_is_dumped_is_never_heard_and_what_is_said_afterwards_is() -> None:
    line = DelayLine(0.3)
    heard = b"".join(line.through(steady(level)) for level in (1, 2, 3, 4, 5))
    assert heard == bytes(3 * PIECE) + steady(1) + steady(2)
    line.dump()
    heard = b"".join(line.through(steady(level)) for level in (6, 7, 8, 9))
    assert heard == bytes(3 * PIECE) + steady(6)


def test_a_cushion_waits_a_little_and_never_grows_long() -> None:
    cushion = Cushion(begin_seconds=0.15, most_seconds=0.5)
    cushion.put(steady(5))
    assert not any(cushion.take(320))
    cushion.put(steady(5))
    assert any(cushion.take(320))
    for _ in range(100):
        cushion.put(steady(7))
    waited = 0
    while any(cushion.take(320)):
        waited += 320
    assert waited <= 0.5 * 16000 + 320


@given(st.lists(st.binary(max_size=400), max_size=30), st.integers(2, 800))
def test_a_cushion_always_gives_what_is_asked(pieces: list[bytes], size: int) -> None:
    cushion = Cushion()
    for piece in pieces:
        cushion.put(piece)
        assert len(cushion.take(size)) == size


def test_speech_is_told_from_the_hum_of_a_line() -> None:
    assert is_speech(steady(1000))
    assert not is_speech(steady(50))
    assert not is_speech(b"")
    assert not is_speech(b"x")
