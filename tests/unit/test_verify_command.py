"""`evalsys verify` speaks one line a step and answers with its exit code."""

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from evalsys.cli.verify import LARGEST_FILE_BYTES, command
from evalsys.domain.beacon import QUICKNET
from tests.builders_beacon import a_beacon_draw, genuine
from tests.builders_draw import a_draw

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
