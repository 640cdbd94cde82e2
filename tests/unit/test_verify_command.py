"""`evalsys verify` speaks one line a step and answers with its exit code."""

import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.verify import LARGEST_FILE_BYTES, command
from evalsys.cli.witness_notes import Notes, Seen
from evalsys.domain.beacon import QUICKNET
from evalsys.domain.manifest import FinalCode
from evalsys.domain.merkle import merkle_root
from evalsys.domain.tree_head import TreeHead
from evalsys.store.head_key import HeadKey
from tests.builders_beacon import a_beacon_draw, genuine
from tests.builders_draw import SESSION, Draw, a_draw

DRAW = a_draw()


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    for name, data in DRAW.files.items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


def verify(*args: str | Path) -> Result:
    return CliRunner().invoke(command, [str(arg) for arg in args])


def test_a_good_bundle_gives_one_ok_line_a_step_and_code_0(bundle: Path) -> None:
    result = verify(bundle)
    lines = result.output.splitlines()
    assert result.exit_code == 0
    assert all(line.startswith("ok    ") for line in lines[:-1])
    assert len(lines) == 12
    assert "good" in lines[-1]


def test_a_bad_bundle_says_where_and_gives_code_1(bundle: Path) -> None:
    transcript = bundle / "transcript.jsonl"
    transcript.write_bytes(transcript.read_bytes().replace(b'"i":7', b'"i":8', 1))
    (bundle / "SHA256SUMS").unlink()
    result = verify(bundle)
    assert result.exit_code == 1
    assert "FAIL  transcript    transcript.jsonl:8" in result.output


def test_an_incomplete_bundle_gives_code_2(bundle: Path) -> None:
    (bundle / "transcript.jsonl").unlink()
    result = verify(bundle)
    assert result.exit_code == 2
    assert "open  transcript" in result.output


def test_a_folder_that_is_not_there_gives_code_2(tmp_path: Path) -> None:
    assert verify(tmp_path / "nowhere").exit_code == 2


def test_an_archive_is_to_be_unpacked_first(bundle: Path) -> None:
    packed = bundle / "bundle.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(bundle / "manifest.json", "manifest.json")
    result = verify(packed)
    assert result.exit_code == 2
    assert "unpack it first" in result.output
    assert "请给出含有 manifest.json 的文件夹" in verify(bundle / "manifest.json").output


def test_the_final_hash_shown_on_air_is_compared(bundle: Path) -> None:
    assert verify(bundle, "--head", "0" * 64).exit_code == 1
    head = json.loads(verify(bundle, "--json").output)["head"]
    assert verify(bundle, "--head", head).exit_code == 0


def test_programs_read_one_json_object(bundle: Path) -> None:
    report = json.loads(verify(bundle, "--json").output)
    assert report["finding"] == "good"
    assert report["steps"][0] == {
        "name": "sums",
        "j": 0,
        "mark": "ok",
        "detail": "各文件与 SHA256SUMS 一致",
    }
    assert {step["mark"] for step in report["steps"]} == {"ok"}


@pytest.mark.parametrize("name", [*DRAW.files])
@pytest.mark.parametrize("spoil", ["folder", "pipe", "loop", "giant"])
def test_what_stands_in_place_of_a_file_is_bad_and_never_waited_for(
    bundle: Path, name: str, spoil: str
) -> None:
    (bundle / name).unlink()
    match spoil:
        case "folder":
            (bundle / name).mkdir()
        case "pipe":
            os.mkfifo(bundle / name)
        case "loop":
            (bundle / name).symlink_to(name)
        case "giant":
            with (bundle / name).open("wb") as giant:
                giant.truncate(LARGEST_FILE_BYTES + 1)
    result = verify(bundle, "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert (told["finding"], told["steps"][0]["mark"]) == ("bad", "FAIL")
    assert name in told["steps"][0]["detail"]


def test_a_file_cannot_write_lines_of_its_own_to_the_terminal(bundle: Path) -> None:
    (bundle / "manifest.json").write_bytes(b'{"\\nok    manifest      \\u001b[32m":1}')
    (bundle / "SHA256SUMS").unlink()
    result = verify(bundle)
    assert result.exit_code == 1
    assert not any(line.startswith("ok    manifest") for line in result.output.splitlines())
    assert "\x1b" not in result.output


def test_the_signatures_of_a_beacon_are_checked(tmp_path: Path) -> None:
    draw = a_beacon_draw()
    for name, data in draw.files.items():
        (tmp_path / name).write_bytes(data)
    result = verify(tmp_path)
    assert result.exit_code == 0
    assert "ok    beacon        信标链 quicknet 第 255 轮的签名无误" in result.output
    pulse = genuine(QUICKNET)[0]
    signed = {"signature": pulse.signature, "randomness": pulse.randomness}
    for name, data in draw.retold("beacon", 0, **signed).files.items():
        (tmp_path / name).write_bytes(data)
    result = verify(tmp_path)
    assert result.exit_code == 1
    assert "FAIL  beacon        transcript.jsonl: 这不是信标链 quicknet" in result.output


# Made when asked for: every test process would hold them all.
HOSTILE: dict[str, Callable[[], bytes]] = {
    "nothing but brackets": lambda: b"[" * 3_000_000,
    "objects in objects": lambda: b'{"a":' * 1_000_000,
    "a giant integer": lambda: b'{"a":' + b"9" * 5_000_000 + b"}\n",
    "a line of 100 MB": lambda: b'{"a":"' + b"x" * 100_000_000 + b'"}\n',
    "nothing but line feeds": lambda: b"\n" * 5_000_000,
    "zeros": lambda: bytes(10_000_000),
    "a lone surrogate": lambda: b'{"a":"\\ud800"}\n',
    "noise": lambda: b"".join(sha256(b"%d" % i).digest() for i in range(30_000)),
}


@pytest.mark.parametrize(
    "name", ["manifest.json", "roster.jsonl", "transcript.jsonl", "SHA256SUMS"]
)
@pytest.mark.parametrize("what", HOSTILE)
def test_whatever_lies_in_the_folder_gives_code_1_and_no_traceback(
    bundle: Path, name: str, what: str
) -> None:
    (bundle / "SHA256SUMS").unlink()
    (bundle / name).write_bytes(HOSTILE[what]())
    result = verify(bundle)
    assert result.exit_code == 1
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert re.search("^FAIL  ", result.output, re.MULTILINE)
    assert all(len(line) < 1000 for line in result.output.splitlines())


def test_a_terminal_without_chinese_gets_escapes_and_the_same_code(bundle: Path) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1", "PYTHONUTF8": "0"}
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "evalsys", "verify", bundle],
        capture_output=True,
        env=environment,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"good" in done.stdout


def test_the_first_digits_of_the_final_hash_suffice_however_they_were_copied(bundle: Path) -> None:
    head = json.loads(verify(bundle, "--json").output)["head"]
    for copied in (head[:8], f" {head[:4]} {head[4:8].upper()} ", head[:63], head):
        assert verify(bundle, "--head", copied).exit_code == 0
    assert verify(bundle, "--head", head[1:9]).exit_code == 1
    for odd in (head[:7], head + "0", "nonsense", "\uff10" * 8):
        refused = verify(bundle, "--head", odd)
        assert refused.exit_code == 2
        assert "8 to 64 hex digits" in refused.output


def test_the_heads_that_a_witness_kept_are_compared(tmp_path: Path) -> None:
    key, kept = HeadKey(bytes(range(32))), tmp_path / "kept"
    lines = DRAW.files["transcript.jsonl"].splitlines()
    sizes = range(2, len(lines), 7)
    heads = [
        key.sign(TreeHead(SESSION, n, merkle_root(lines[:n]).hex(), DRAW.entries[n].at, key.key_id))
        for n in sizes
    ]
    Notes(kept).keep(Seen(SESSION, key.public, tuple(heads)))

    def found(draw: Draw) -> tuple[int, str]:
        for name, data in draw.files.items():
            (tmp_path / name).write_bytes(data)
        result = verify(tmp_path, "--witness", kept)
        return result.exit_code, next(
            line for line in result.output.splitlines() if "  heads" in line
        )

    assert found(DRAW) == (0, f"ok    heads         与见证人所存的 {len(heads)} 个树头一致")
    first = DRAW.line_of("slot") + 1
    cut = replace(DRAW, entries=DRAW.entries[:first]).inserted(first, "close", slots=1)
    assert cut.verified().exit_code == 0
    code, said = found(cut)
    assert code == 1
    assert "truncated" in said
    rebuilt = a_draw(outcome=lambda _j, _k: FinalCode.COMPLETED)
    assert rebuilt.verified().exit_code == 0
    code, said = found(rebuilt)
    assert code == 1
    assert "rewritten" in said
    Notes(kept).keep(Seen(SESSION, HeadKey(bytes(32)).public, tuple(heads)))
    code, said = found(DRAW)
    assert code == 1
    assert "不是所存的公钥签名的" in said
    (kept / "watched.json").unlink()
    assert found(DRAW)[0] == 2
