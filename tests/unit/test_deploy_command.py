"""Units and compose file name only programs, options and settings that exist."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from evalsys.cli.main import COMMANDS, cli
from evalsys.cli.services import Service, compose_file, services, systemd_units
from tests.architecture.checkout import ROOT

EVERY = [
    one
    for standby, sip in ((False, False), (True, True))
    for one in services(standby=standby, sip=sip)
]
GUIDE = (ROOT / "docs/deployment.md").read_text("utf-8")


def understood(words: list[str]) -> None:
    """Let click read the words as it would at the start; it objects to any that it knows not."""
    name = "evalsys"
    command: click.Command | None = cli
    while isinstance(command, click.Group):
        name, *words = words
        command = command.get_command(click.Context(command), name)
    assert command is not None
    # What the words do not say, a setting must.
    set_elsewhere = {one.name or "": "x" for one in command.params if one.required and one.envvar}
    command.make_context(name, words, default_map=set_elsewhere).close()


@pytest.mark.parametrize("one", EVERY, ids=lambda one: one.words)
def test_every_program_is_started_with_words_that_it_knows(one: Service) -> None:
    understood(one.words.split())
    if one.before:
        understood(one.before.split())


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd is not installed")
    files = []
    for name, text in systemd_units(sys.executable, services(standby=True, sip=True)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        files.append(str(tmp_path / name))
    said = subprocess.run(  # noqa: S603 - Debian's own checker
        ["systemd-analyze", "verify", *files],  # noqa: S607 - of the system
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in said.stderr.splitlines() if str(tmp_path) in line]
    assert ours == []


def test_the_units_of_two_machines_wait_for_each_other_and_keep_secrets_apart() -> None:
    units = dict(systemd_units("/srv/evalsys", services(standby=True, sip=True)))
    assert "ExecStart=/srv/evalsys serve --port 8000 --standby\n" in units["evalsys.service"]
    holders = [name for name, text in units.items() if "evalsys-tally.env" in text]
    assert holders == ["evalsys-tally.service"]
    assert "User=evalsys-tally\n" in units["evalsys-tally.service"]


def test_the_compose_file_runs_the_same_programs_and_names_known_settings() -> None:
    text = compose_file(services(standby=False, sip=False))
    for one in services(standby=False, sip=False):
        assert f"\n  {one.name}:\n" in text
        assert one.words in text
    documented = set(re.findall(r"EVALSYS_[A-Z_]+", (ROOT / "docs/settings.md").read_text("utf-8")))
    # The password belongs to PostgreSQL; we have it in the database's address.
    assert set(re.findall(r"EVALSYS_[A-Z_]+", text)) - documented == {"EVALSYS_POSTGRES_PASSWORD"}
    used = set(re.findall(r"[ \[]([a-z]+):/", text))
    assert (
        {"watch", "data", "database"}
        <= used
        <= set(re.findall(r"^  ([a-z]+):$", text, re.MULTILINE))
    )


def test_the_command_prints_or_writes_all_units(tmp_path: Path) -> None:
    run = CliRunner().invoke
    printed = run(cli, ["deploy", "systemd"])
    assert printed.exit_code == 0
    written = run(cli, ["deploy", "systemd", "--into", str(tmp_path / "units")])
    assert written.exit_code == 0
    assert len(list((tmp_path / "units").iterdir())) == printed.output.count("[Unit]") == 5
    assert run(cli, ["deploy", "compose"]).output.startswith("# Made by")


def test_the_guide_names_only_commands_that_exist() -> None:
    blocks = "\n".join(re.findall(r"```.*?\n(.*?)```", GUIDE, re.DOTALL))
    named = set(
        re.findall(r"^(?:ExecStart\S*=)?(?:\S*/bin/)?evalsys ([a-z-]+)", blocks, re.MULTILINE)
    )
    named |= set(re.findall(r"`evalsys ([a-z-]+)", GUIDE))
    assert {"deploy", "doctor", "user", "serve", "web"} <= named
    assert named - set(COMMANDS) == set()
