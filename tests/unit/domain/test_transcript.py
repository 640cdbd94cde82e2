"""The transcript is a chain of typed lines in one spelling."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from evalsys.domain.canonical import canonical, parse_canonical
from evalsys.domain.manifest import NO_HEAD
from evalsys.domain.transcript import TranscriptEntry, parse_transcript, write_transcript
from evalsys.errors import InvalidInput
from tests.builders import NOON
from tests.builders_draw import a_draw

DRAW = a_draw()
DATA = write_transcript(DRAW.entries, NO_HEAD)


def test_a_transcript_reads_back_the_same() -> None:
    assert parse_transcript(DATA, NO_HEAD).entries == DRAW.entries


def test_a_line_is_spelt_as_published() -> None:
    at = datetime(2026, 12, 1, 20, 15, 31, 999_999, timezone(timedelta(hours=8)))
    line = write_transcript([TranscriptEntry(at, "open", {"rehearsal": True})], NO_HEAD)
    assert line == (
        b'{"at":"2026-12-01T12:15:31Z","body":{"rehearsal":true},"i":0,"prev":"'
        + b"0" * 64
        + b'","sigs":{},"type":"open"}\n'
    )


def test_every_type_of_the_protocol_can_be_written() -> None:
    beacon = {"purpose": "hh", "j": 1, "round": 9, "signature": "8" * 96, "randomness": "0" * 64}
    bound = {"purpose": "master", "j": 0, "round": 9, "round_time": "2026-12-01T12:15:33Z"}
    entries = [
        TranscriptEntry(NOON, "bind", bound),
        TranscriptEntry(NOON, "beacon", beacon, {"W1": "0" * 128}),
        TranscriptEntry(NOON, "named", {"cadre": "00000001", "by": "媒体", "reason": "热线反映"}),
        TranscriptEntry(NOON, "abort", {"reason": "power_failure", "attempt": 1}),
    ]
    assert parse_transcript(write_transcript(entries, NO_HEAD), NO_HEAD).entries == tuple(entries)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("redraw", {"j": 1}),
        ("open", {"rehearsal": 1}),
        ("open", {"rehearsal": True, "more": 1}),
        ("dice", {"purpose": "master", "digits": "1" * 23, "source": "cups"}),
        ("dice", {"purpose": "slot", "digits": "1" * 12, "source": "cups"}),
        ("dice", {"purpose": "slot", "j": 1, "digits": "\uff11" * 12, "source": "cups"}),
        ("hh_open", {"cadre": "00000001", "k": 0}),
        ("hh_open", {"cadre": "1", "k": 1}),
        ("score", {"cadre": "00000001", "k": 1, "sha256": "A" * 64}),
        ("hh_final", {"cadre": "00000001", "k": 1, "code": "gone"}),
        ("abort", {"reason": "bad luck", "attempt": 1}),
        ("named", {"cadre": "00000001", "by": "", "reason": "x"}),
        ("close", {"slots": -1}),
    ],
)
def test_a_body_that_the_protocol_does_not_know_is_neither_written_nor_read(
    kind: str, body: dict[str, object]
) -> None:
    with pytest.raises(InvalidInput):
        write_transcript([TranscriptEntry(NOON, kind, body)], NO_HEAD)
    line = canonical(
        {
            "at": "2026-12-01T12:00:00Z",
            "body": body,
            "i": 0,
            "prev": NO_HEAD,
            "sigs": {},
            "type": kind,
        }
    )
    with pytest.raises(InvalidInput):
        parse_transcript(line + b"\n", NO_HEAD)


@pytest.mark.parametrize(
    "at",
    [
        "2026-12-01T12:15:31",
        "2026-12-01 12:15:31Z",
        "2026-12-01T12:15:31.0Z",
        "2026-02-30T12:15:31Z",
        "2026-12-01T24:15:31Z",
        "2026-12-01T20:15:31+08:00",
        "2026-12-1T12:15:31Z",
    ],
)
def test_time_has_one_spelling(at: str) -> None:
    line = DATA.splitlines()[0].replace(b"2026-12-01T04:00:01Z", at.encode())
    with pytest.raises(InvalidInput):
        parse_transcript(line + b"\n", NO_HEAD)


def test_a_chain_that_is_cut_or_starts_elsewhere_is_refused_at_its_line() -> None:
    lines = DATA.splitlines(keepends=True)
    with pytest.raises(InvalidInput) as refused:
        parse_transcript(b"".join([*lines[:5], *lines[6:]]), NO_HEAD)
    assert refused.value.place == "transcript.jsonl:6"
    with pytest.raises(InvalidInput):
        parse_transcript(DATA, "1" * 64)


def test_time_never_goes_back() -> None:
    early = replace(DRAW.entries[4], at=NOON - timedelta(hours=1))
    entries = (*DRAW.entries[:4], early, *DRAW.entries[5:])
    with pytest.raises(InvalidInput, match="时间"):
        parse_transcript(write_transcript(entries, NO_HEAD), NO_HEAD)


def test_the_head_is_the_hash_of_the_last_line() -> None:
    longer = (
        *DRAW.entries,
        TranscriptEntry(datetime.max.replace(tzinfo=UTC), "close", {"slots": 0}),
    )
    last = write_transcript(longer, NO_HEAD).splitlines()[-1]
    prev = parse_canonical(last)
    assert isinstance(prev, dict)
    assert prev["prev"] == parse_transcript(DATA, NO_HEAD).head
