"""No altered byte passes, whatever it is, and nothing makes the verifier stumble."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from evalsys.domain.transcript import parse_transcript
from evalsys.domain.verify import Bundle, verify_bundle
from evalsys.domain.verify_steps import Finding
from evalsys.errors import InvalidInput
from tests.builders_draw import a_draw, a_manifest, a_roster
from tests.tampering_draw import FILES, SPELLINGS, another

ROSTER = a_roster(12, hh_n=6)
DRAW = a_draw(ROSTER, a_manifest(ROSTER))
BUNDLE = DRAW.bundle
HEAD = parse_transcript(BUNDLE.transcript or b"", DRAW.manifest.prev_head).head


def data_of(file: str) -> bytes:
    data: bytes = getattr(BUNDLE, file)
    return data


def finding(file: str, data: bytes) -> Finding:
    """What the verifier says of the bundle with one file replaced, knowing the final hash."""
    return verify_bundle(replace(BUNDLE, **{file: data}), head=HEAD).finding


def test_the_bundle_itself_is_good() -> None:
    assert verify_bundle(BUNDLE, head=HEAD).finding is Finding.GOOD


@pytest.mark.parametrize("file", FILES)
def test_a_change_of_any_single_byte_is_refused(file: str) -> None:
    data = data_of(file)
    # Every place, with the change that most looks like data: the next digit or letter.
    step = 1 if len(data) < 2000 else 7
    for i in range(0, len(data), step):
        changed = data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :]
        assert finding(file, changed) is Finding.BAD, (i, changed[max(0, i - 30) : i + 30])


@given(
    st.sampled_from(FILES),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.binary(max_size=4)), min_size=1),
)
@settings(max_examples=150)
def test_random_damage_never_passes_and_never_crashes(
    file: str, damages: list[tuple[float, bytes]]
) -> None:
    data = data_of(file)
    damaged = data
    for where, put in damages:
        i = int(where * len(damaged))
        damaged = damaged[:i] + put + damaged[i + max(1, len(put)) :]
    if damaged != data:
        assert finding(file, damaged) is not Finding.GOOD


@given(st.binary(max_size=300), st.binary(max_size=300), st.binary(max_size=300))
@example(b"[" * 100_000, b"\xff", b"\n")
@example(b"", b"", b"")
@settings(max_examples=100)
def test_garbage_is_refused_without_stumbling(
    manifest: bytes, roster: bytes, transcript: bytes
) -> None:
    assert verify_bundle(Bundle(manifest, roster, transcript, roster)).finding is Finding.BAD
    for file, data in zip(FILES, (manifest, roster, transcript), strict=True):
        assert finding(file, data) is not Finding.GOOD


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize(("old", "new"), SPELLINGS.values(), ids=SPELLINGS)
def test_another_spelling_of_the_same_content_is_refused(file: str, old: bytes, new: bytes) -> None:
    changed = data_of(file).replace(old, new, 1)
    if changed != data_of(file):
        assert finding(file, changed) is Finding.BAD


@pytest.mark.parametrize("file", FILES)
def test_upper_case_hex_is_refused(file: str) -> None:
    data = data_of(file)
    digest = next(word for word in re.findall(rb"[0-9a-f]{64}", data) if not word.isdigit())
    assert finding(file, data.replace(digest, digest.upper())) is Finding.BAD


@pytest.mark.parametrize("i", range(len(DRAW.entries)))
def test_a_line_left_out_of_a_chain_built_anew_is_refused(i: int) -> None:
    """Without the final hash: only what the rules themselves catch, so a few lines may go."""
    entries = (*DRAW.entries[:i], *DRAW.entries[i + 1 :])
    report = replace(DRAW, entries=entries).verified()
    if DRAW.entries[i].type == "close":
        assert report.finding is Finding.INCOMPLETE
    elif DRAW.entries[i].type in {"hh_final", "call", "score", "hh_open"}:
        assert report.head != HEAD
    else:
        assert report.finding is Finding.BAD


FIELDS = sorted(
    {(entry.type, name) for entry in DRAW.entries for name in entry.body}
    # Words of the carrier that nobody can compute again; the final hash protects them.
    - {("call", name) for name in ("sid", "ring_s", "talk_s", "status")}
    - {("score", "sha256")}
    # A rehearsal may try the real cups.
    - {("dice", "source")}
)


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_no_computable_field_can_be_rewritten_in_a_chain_built_anew(kind: str, field: str) -> None:
    for i, entry in enumerate(DRAW.entries):
        if entry.type != kind or field not in entry.body:
            continue
        body = {**entry.body, field: another(entry.body[field])}
        entries = (*DRAW.entries[:i], replace(entry, body=body), *DRAW.entries[i + 1 :])
        try:
            report = replace(DRAW, entries=entries).verified()
        except InvalidInput:  # not even writable
            continue
        assert report.finding is Finding.BAD, entry
