"""A server that lies on purpose: it holds the key, and signs and shows whatever suits it."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import CliRunner
from typing_extensions import override

from evalsys.cli.witness import ALARM_EXIT_CODE, command
from evalsys.domain.manifest import Manifest
from evalsys.domain.merkle import consistency_proof, merkle_root
from evalsys.domain.transcript import settled_lines, write_transcript
from evalsys.domain.tree_head import SignedTreeHead, TreeHead
from evalsys.store.head_key import HeadKey
from tests.builders_draw import SESSION, Draw, a_draw, a_manifest, a_roster
from tests.builders_witness import KEYS, THREE, witnessed
from tests.processes import Process, evalsys

ROSTER = a_roster(12, hh_n=6)
DRAW = witnessed(a_draw(ROSTER, a_manifest(ROSTER, witness_keys=KEYS)))
DICE = [i for i, entry in enumerate(DRAW.entries) if entry.type == "dice"]
BEGAN = datetime(2026, 12, 1, 12, tzinfo=UTC)


def transcript(draw: Draw, lines: int) -> bytes:
    return write_transcript(draw.entries[:lines], draw.manifest.prev_head)


@dataclass
class Liar:
    """What the dishonest server shows; a test changes it at will between two visits."""

    key: HeadKey = field(default_factory=lambda: HeadKey(bytes(range(32))))
    heads: list[SignedTreeHead] = field(default_factory=list)
    data: bytes = b""
    proof: list[str] | None = None
    sealed: bool = False

    def show(self, data: bytes, manifest: Manifest = DRAW.manifest, *, at_s: int = 0) -> None:
        """Show these lines, and sign an honest head over the settled ones."""
        self.data = data
        self.sign(settled_lines(data, len(manifest.witness_keys)), at_s=at_s)

    def sign(self, lines: Sequence[bytes], *, at_s: int = 0) -> None:
        at = self.heads[-1].head.at + timedelta(seconds=60) if self.heads else BEGAN
        root = merkle_root(lines).hex()
        head = TreeHead(SESSION, len(lines), root, at + timedelta(seconds=at_s), self.key.key_id)
        self.heads.append(self.key.sign(head))

    def answer(self, path: str) -> bytes:
        asked = urlsplit(path)
        name = asked.path.rpartition("/")[2]
        if name == "transcript.jsonl":
            return self.data
        if name == "proof.json":
            first, second = (int(parse_qs(asked.query)[key][0]) for key in ("first", "second"))
            tree = self.data.split(b"\n")[:second]
            honest = [step.hex() for step in consistency_proof(tree, first)]
            return json.dumps({"proof": self.proof or honest}).encode()
        shown = {
            "live": SESSION,
            "key": self.key.public.hex(),
            "sealed": self.sealed,
            "heads": [one.to_json() for one in self.heads],
        }
        return json.dumps(shown).encode()


@pytest.fixture
def liar() -> Liar:
    return Liar()


@pytest.fixture
def url(liar: Liar) -> Iterator[str]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = liar.answer(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the tests read what the witness says."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/live/{SESSION}"
    server.shutdown()
    thread.join()
    server.server_close()


Look = Callable[[], tuple[int, str]]


@pytest.fixture
def look(url: str, tmp_path: Path) -> Look:
    """Send the witness once; its exit code, and the word of the alarm if it rang."""

    def once() -> tuple[int, str]:
        arguments = [url, "--once", "--json", "--state", str(tmp_path / "seen")]
        result = CliRunner().invoke(command, arguments)
        told = [json.loads(line) for line in result.output.splitlines()]
        return result.exit_code, next((one["alarm"] for one in told if one["event"] == "alarm"), "")

    return once


def test_lines_that_gain_signatures_and_grow_never_ring(liar: Liar, look: Look) -> None:
    for n in range(1, 20):
        plain = witnessed(DRAW, ())
        for signers in ((), THREE[:1], THREE[:2]):
            part = witnessed(Draw(DRAW.roster, DRAW.manifest, DRAW.entries[:n]), THREE[:2])
            last = n - 1
            if part.entries[last].type == "dice":
                shorter = Draw(DRAW.roster, DRAW.manifest, part.entries[:last])
                last_line = witnessed(
                    Draw(DRAW.roster, DRAW.manifest, (*part.entries[:last], plain.entries[last])),
                    THREE[:2],
                )
                assert shorter.entries == last_line.entries[:last]
                kept = signers_of(last_line, len(signers))
                liar.show(transcript(kept, n))
            else:
                liar.show(transcript(part, n))
            assert look() == (0, "")


def signers_of(draw: Draw, n: int) -> Draw:
    """The last line with the first `n` of its signatures."""
    last = draw.entries[-1]
    sigs = dict(sorted(last.sigs.items())[:n])
    entry = type(last)(last.at, last.type, last.body, sigs)
    return Draw(draw.roster, draw.manifest, (*draw.entries[:-1], entry))


def test_dice_that_no_head_covers_yet_cannot_be_exchanged(liar: Liar, look: Look) -> None:
    n = DICE[0] + 1
    waiting = witnessed(Draw(DRAW.roster, DRAW.manifest, DRAW.entries[:n]), THREE[:1])
    liar.show(transcript(waiting, n))
    assert look() == (0, "")
    other = waiting.retold("dice", digits="9" * 24)
    liar.show(transcript(witnessed(other, THREE[:1]), n))
    assert look() == (ALARM_EXIT_CODE, "rewritten")


def test_signatures_that_were_shown_cannot_be_taken_away(liar: Liar, look: Look) -> None:
    n = DICE[0] + 1
    entries = Draw(DRAW.roster, DRAW.manifest, DRAW.entries[:n])
    liar.show(transcript(witnessed(entries, THREE[:2]), n))
    assert look() == (0, "")
    liar.show(transcript(witnessed(entries, THREE[:1]), n))
    assert look() == (ALARM_EXIT_CODE, "rewritten")


def test_lines_shown_beyond_the_head_cannot_be_cut(liar: Liar, look: Look) -> None:
    liar.show(transcript(DRAW, 6))
    liar.data = transcript(DRAW, 9)
    assert look() == (0, "")
    liar.data = transcript(DRAW, 7)
    assert look() == (ALARM_EXIT_CODE, "truncated")


def test_old_heads_shown_again_ring(liar: Liar, look: Look) -> None:
    for n in (5, 9, 12):
        liar.show(transcript(DRAW, n))
    assert look() == (0, "")
    newest = liar.heads.pop()
    assert look() == (ALARM_EXIT_CODE, "truncated")
    liar.heads = [newest]
    assert look() == (ALARM_EXIT_CODE, "withdrawn")


def test_a_head_of_the_same_size_that_was_withdrawn_rings(liar: Liar, look: Look) -> None:
    for _ in range(3):
        liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    del liar.heads[1]
    assert look() == (ALARM_EXIT_CODE, "withdrawn")


def test_a_head_put_before_those_that_were_seen_rings(liar: Liar, look: Look) -> None:
    for n in (5, 12):
        liar.show(transcript(DRAW, n))
    assert look() == (0, "")
    between = Liar(heads=[liar.heads[0]])
    between.sign(transcript(DRAW, 9).split(b"\n")[:-1], at_s=-30)
    liar.heads.insert(1, between.heads[-1])
    assert look() == (ALARM_EXIT_CODE, "withdrawn")


def test_a_size_that_goes_back_and_grows_again_rings(liar: Liar, look: Look) -> None:
    liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    liar.sign(transcript(DRAW, 5).split(b"\n")[:-1])
    liar.show(transcript(DRAW, 12))
    assert look() == (ALARM_EXIT_CODE, "truncated")


def test_another_record_under_an_honest_proof_of_itself_rings(liar: Liar, look: Look) -> None:
    liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    other = witnessed(DRAW.retold("dice", digits="9" * 24))
    liar.show(transcript(other, 12))
    assert look() == (ALARM_EXIT_CODE, "rewritten")
    liar.proof = ["00" * 32] * 4
    assert look() == (ALARM_EXIT_CODE, "rewritten")


def test_an_honest_head_over_a_transcript_that_says_something_else_rings(
    liar: Liar, look: Look
) -> None:
    liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    liar.show(transcript(DRAW, 12))
    other = witnessed(DRAW.retold("dice", digits="9" * 24))
    liar.data = transcript(other, 12)
    assert look()[0] == ALARM_EXIT_CODE


def test_a_new_key_rings_even_when_every_head_is_signed_anew(liar: Liar, look: Look) -> None:
    liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    liar.key, liar.heads = HeadKey(bytes(32)), []
    liar.show(transcript(DRAW, 9))
    assert look() == (ALARM_EXIT_CODE, "key_changed")


def test_a_record_said_to_be_sealed_before_its_end_is_followed_on(
    liar: Liar, url: str, tmp_path: Path
) -> None:
    liar.sealed = True
    liar.show(transcript(DRAW, 9))
    witness = Process(
        evalsys("witness", url, "--every", "1", "--json", "--state", "seen"),
        {},
        tmp_path / "witness.log",
    )
    try:
        deadline = monotonic() + 60
        while not (tmp_path / "seen" / "watched.json").exists() and monotonic() < deadline:
            sleep(0.1)
        liar.show(transcript(witnessed(DRAW.retold("dice", digits="9" * 24)), 12))
        assert witness.ended_with() == ALARM_EXIT_CODE, witness.log.read_text()
    finally:
        witness.stop()
    assert '"clock"' in witness.log.read_text(), "its heads are of another day than the clock"


def test_notes_of_which_a_file_is_lost_are_not_begun_anew(
    liar: Liar, look: Look, tmp_path: Path
) -> None:
    liar.show(transcript(DRAW, 9))
    assert look() == (0, "")
    (tmp_path / "seen" / "heads.jsonl").unlink()
    assert look() == (1, "")
    assert not (tmp_path / "seen" / "heads.jsonl").exists()
