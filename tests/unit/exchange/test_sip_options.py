"""The trunk on the command line: what cannot work is refused before anything is dialled."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evalsys.cli.exchange import command
from evalsys.errors import EvalsysError, InvalidInput

ACCOUNT = ("--account", "AC" + "0" * 32, "--token", "word")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--lines", "sip"], "中继地址"),
        (["--lines", "sip", "--sip-trunk", "sip:a b"], "sip:a b"),
        (["--lines", "sip", "--sip-trunk", "127.0.0.1", "--sip-listen", "eth0"], "eth0"),
        (["--lines", "sip", "--sip-trunk", "127.0.0.1", "--sip-register"], "用户名"),
        (["--lines", "scripted,handset,sip", "--sip-trunk", "127.0.0.1"], "--truth"),
        (["--token", " "], "--token"),
        (["--public-url", "exchange.example"], "--public-url"),
        (["--lines", "sip,isdn", "--sip-trunk", "127.0.0.1"], "isdn"),
    ],
)
def test_a_trunk_that_cannot_work_is_refused_with_a_remedy(
    tmp_path: Path, options: list[str], named: str
) -> None:
    arguments = [*ACCOUNT, "--data-dir", str(tmp_path / "exchange"), *options]
    run = CliRunner().invoke(command, arguments)
    assert isinstance(run.exception, InvalidInput)
    assert named in str(run.exception)
    assert isinstance(run.exception, EvalsysError)
    assert run.exception.remedy


def test_a_trunk_on_which_nobody_would_hear_anything_is_refused(tmp_path: Path) -> None:
    options = ["--lines", "sip", "--sip-trunk", "127.0.0.1", "--data-dir", str(tmp_path)]
    run = CliRunner().invoke(command, [*ACCOUNT, *options], env={"PATH": "/nowhere"})
    assert isinstance(run.exception, InvalidInput)
    assert "espeak-ng" in str(run.exception)


@pytest.mark.parametrize(
    "options", [["--sip-channels", "0"], ["--sip-rate", "0"], ["--sip-numbers", "chinese"]]
)
def test_numbers_out_of_range_are_a_wrong_command_line(options: list[str]) -> None:
    run = CliRunner().invoke(command, [*ACCOUNT, "--lines", "sip", *options])
    assert run.exit_code == 2
