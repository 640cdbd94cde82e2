"""One frame for all screens over real sockets, streams, and numbers that betray nothing."""

import json
from contextlib import suppress
from socket import socketpair

import pytest
from flask import Flask
from flask_socketio import SocketIO

from evalsys.errors import TooManyTries
from evalsys.ids import LiveId
from evalsys.realtime import stream
from evalsys.realtime.fanout import Fanout, frame_of
from evalsys.realtime.stream import Own, Streams
from evalsys.services.picture_numbers import IN_AN_EPOCH, PictureNumbers

LIVE = LiveId("a" * 32)


def a_fanout() -> Fanout:
    return Fanout(SocketIO(Flask("screens"), async_mode="threading"))


def test_a_frame_is_what_a_websocket_reads_at_every_length() -> None:
    for length, size_bytes in ((10, 0), (1_000, 2), (70_000, 8)):
        frame = frame_of("view", {"x": "甲" * length})
        head = 2 + size_bytes
        assert frame[0] == 0x81
        told = frame[1] if size_bytes == 0 else int.from_bytes(frame[2:head], "big")
        assert told == len(frame) - head
        assert frame[head : head + 2] == b"42"
        assert json.loads(frame[head + 2 :]) == ["view", {"x": "甲" * length}]


def test_every_screen_of_a_room_gets_it_and_no_other() -> None:
    fanout = a_fanout()
    pairs = [socketpair() for _ in range(3)]
    for n, (ours, _theirs) in enumerate(pairs):
        fanout.join("b" if n == 2 else "a", f"s{n}", {"werkzeug.socket": ours})
    fanout.send("a", "view", {"seq": 1})
    assert {theirs.recv(100) for _, theirs in pairs[:2]} == {frame_of("view", {"seq": 1})}
    fanout.join("b", "s0", {"werkzeug.socket": pairs[0][0]})
    fanout.leave("s1")
    fanout.send("a", "view", {"seq": 2})
    fanout.send("b", "view", {"seq": 3})
    assert pairs[0][1].recv(100) == pairs[2][1].recv(100) == frame_of("view", {"seq": 3})
    pairs[1][1].setblocking(False)  # noqa: FBT003 - the standard library's
    with pytest.raises(BlockingIOError):
        pairs[1][1].recv(1)
    for pair in pairs:
        for each in pair:
            each.close()


def test_a_screen_that_reads_nothing_holds_nobody_up_and_is_hung_up_on() -> None:
    fanout = a_fanout()
    slow, quick = socketpair(), socketpair()
    fanout.join("a", "slow", {"werkzeug.socket": slow[0]})
    fanout.join("a", "quick", {"werkzeug.socket": quick[0]})
    frame = frame_of("view", {"x": "x" * 9_999})
    for _ in range(200):
        fanout.send("a", "view", {"x": "x" * 9_999})
        got = b""
        while len(got) < len(frame):
            got += quick[1].recv(65536)
        assert got == frame
    slow[1].settimeout(0.2)
    got = b""
    with suppress(TimeoutError):
        while part := slow[1].recv(1 << 20):
            got += part
    assert got.startswith(frame)
    assert len(got) < 200 * len(frame)
    for each in (*slow, *quick):
        each.close()


def test_a_stream_gives_the_newest_picture_and_skips_what_nobody_read() -> None:
    streams = Streams()
    reading = iter(streams.answer(LIVE, {"seq": 1}, Own).response)
    assert next(reading) == 'retry: 1000\n\ndata: {"seq":1}\n\n'
    streams.tell(LIVE, {"seq": 2})
    streams.tell(LIVE, {"seq": 3})
    assert next(reading) == 'data: {"seq":3}\n\n'


def test_more_streams_than_may_are_told_where_to_look_instead() -> None:
    streams = Streams()
    readers = [iter(streams.answer(LIVE, {}, Own).response) for _ in range(stream.AT_MOST)]
    for reader in readers:
        next(reader)
    with pytest.raises(TooManyTries, match="收看页"):
        streams.answer(LIVE, {}, Own)
    readers.pop().close()  # type: ignore[attr-defined]  # of a generator
    streams.answer(LIVE, {}, Own)


def test_pictures_are_counted_by_their_audience() -> None:
    numbers = PictureNumbers(lambda: 3)

    def number(version: int, **view: str) -> object:
        return numbers.numbered(LIVE, "public", (version,), {"seq": version, **view})["seq"]

    first = 3 * IN_AN_EPOCH + 1
    assert number(1, phase="planned", server_time="1") == first
    assert number(7, phase="planned", server_time="2") == first  # six events nobody may see
    assert number(8, phase="frozen", server_time="3") == first + 1


def test_a_picture_that_was_overtaken_is_not_shown_as_the_newest() -> None:
    numbers = PictureNumbers(lambda: 0)
    newer = numbers.numbered(LIVE, "pad", (9, 1), {"seq": 9, "phase": "voting"})
    assert numbers.numbered(LIVE, "pad", (9, 0), {"seq": 8, "phase": "drawn"}) == newer


def test_after_a_restart_numbers_go_on_above_all_before() -> None:
    before, after = PictureNumbers(lambda: 1), PictureNumbers(lambda: 2)
    seen = [
        before.numbered(LIVE, "public", (version,), {"seq": version, "n": version})["seq"]
        for version in range(1, 40)
    ]
    seen.append(after.numbered(LIVE, "public", (39,), {"seq": 39, "n": 39})["seq"])
    numbers = [seq for seq in seen if isinstance(seq, int)]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 40
