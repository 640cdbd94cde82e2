"""A progress bar on standard error that costs nothing when nobody looks."""

import sys
from types import TracebackType
from typing import Final, Self

import click

from evalsys.say import said

WIDTH: Final = 30


class ProgressBar:
    """Shows what is being done and how far; a line for each step when not on a terminal."""

    def __init__(self) -> None:
        """Draw nothing yet."""
        self._what = ""
        self._is_live = sys.stderr.isatty()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        _failed: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        """Leave the last line standing."""
        if self._what and self._is_live:
            click.echo(err=True)

    def show(self, what: str, done: int, total: int) -> None:
        """Draw `done` of `total`; a `total` of 0 stands for work that cannot be measured."""
        if what != self._what:
            if self._what and self._is_live:
                click.echo(err=True)
            self._what = what
            if not self._is_live:
                click.echo(said(what), err=True)
        if not self._is_live:
            return
        share = min(1.0, done / total) if total else 0.0
        bar = "█" * round(share * WIDTH) + "░" * (WIDTH - round(share * WIDTH))
        figures = f" {bar} {share:4.0%} {done:,}" if total else " …"
        click.echo(f"\r{said(what)}{figures}\x1b[K", nl=False, err=True)
