"""Groups of commands load the one that is called, and tell of all without loading any."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from evalsys.cli.sub_commands import SubCommands

SOURCE = '''
"""A module that cannot be loaded."""
import click

raise AssertionError("loaded")

@click.command()
def command() -> None:
    """清点库存 · count what is in stock, and say so.

    Twice.
    """
'''


def test_help_tells_what_each_command_does_and_loads_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stockroom.py").write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    group = SubCommands(modules={"stock": "stockroom"})
    shown = CliRunner().invoke(group, ["--help"])
    assert shown.exit_code == 0, shown.output
    assert "清点库存 · count what is in stock" in shown.output
    called = CliRunner().invoke(group, ["stock"])
    assert isinstance(called.exception, AssertionError)
