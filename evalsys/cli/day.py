"""A day that an option takes: what is wrong with it is said in both languages."""

from datetime import datetime

import click
from typing_extensions import override


class Day(click.DateTime):
    """A day of the calendar, written 2026-11-26."""

    name = "day"

    def __init__(self) -> None:
        """Take this one way of writing a day."""
        super().__init__(["%Y-%m-%d"])

    @override
    def convert(
        self, value: str | datetime, param: click.Parameter | None, ctx: click.Context | None
    ) -> datetime:
        """Read a day.

        Raises:
            click.BadParameter: it is none, or written in another way.
        """
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(
                f"“{value}”不是日期，请写成 2026-11-26 · not a day; write it as 2026-11-26",
                param,
                ctx,
            )
        return found
