"""Sub-commands that are loaded when they are called, each from a module of its own."""

import ast
import gc
from collections.abc import Mapping
from importlib import import_module
from importlib.abc import InspectLoader
from importlib.util import find_spec
from typing import Any

import click
from typing_extensions import override

from evalsys.cli.no_collecting import no_collecting


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
        with no_collecting():  # what is loaded stays: a fifth of the time to start
            command: click.Command = import_module(module).command
        gc.freeze()
        return command

    @override
    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by what their source says of them, without loading any."""
        listed = click.Group(commands={name: _listed(of) for name, of in self._modules.items()})
        listed.format_commands(ctx, formatter)


def _listed(module: str) -> click.Command:
    """Make a command that is good for a list only."""
    spec = find_spec(module)
    loader = spec.loader if spec is not None else None
    source = loader.get_source(module) if isinstance(loader, InspectLoader) else None
    functions = ast.parse(source or "").body
    said = [
        ast.get_docstring(one)
        for one in functions
        if isinstance(one, ast.FunctionDef) and one.name == "command"
    ]
    return click.Command(module, help=said[0] if said else None)
