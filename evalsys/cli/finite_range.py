"""A number that an option takes: click's own range lets "nan" pass, which is no number."""

import math

import click
from typing_extensions import override


class FiniteRange(click.FloatRange):
    """A range of numbers without "nan" and the infinite ones."""

    @override
    def convert(
        self, value: float | str, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Read a number.

        Raises:
            click.BadParameter: it is none, or outside the range.
        """
        number: float = super().convert(value, param, ctx)  # type: ignore[arg-type]  # click reads texts too
        if not math.isfinite(number):
            self.fail(f"{value!r} 不是数 · is not a number", param, ctx)
        return number
