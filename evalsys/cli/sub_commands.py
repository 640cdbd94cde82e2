"""Sub-commands that are loaded when they are called, each from a module of its own."""

import importlib
from collections.abc import Mapping
from typing import Any

import click
from typing_extensions import override


class SubCommands(click.Group):
    """Commands by name; each module offers one click command called `command`."""

    def __init__(self, *, modules: Mapping[str, str], **options: Any) -> None:  # noqa: ANN401 - click's own
        """Take the module of each command; `options` are those of any group."""
        super().__init__(**options)
        self._modules = modules

    @override
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._modules)

    @override
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = self._modules.get(cmd_name)
        if module is None:
            return None
        command: click.Command = importlib.import_module(module).command
        return command
