"""`scripts/bench [NAME ...] [OPTIONS]`: measure, print a table, write the figures."""

import importlib
import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from scripts.benches.figure import Figure

BENCHES = {
    "import": "scripts.benches.import_",
    "draw": "scripts.benches.draw",
    "session": "scripts.benches.session",
    "phone": "scripts.benches.phone",
    "personnel": "scripts.benches.personnel",
    "live": "scripts.benches.live",
    "casework": "scripts.benches.casework",
}
HEADINGS = ("bench", "figure", "value", "unit", "peer", "peer value", "ratio", "target", "ok")


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME ...]", type=click.Choice(list(BENCHES)))
@click.option("--repeat", default=5, show_default=True, type=click.IntRange(min=1), help="Runs.")
@click.option(
    "--households",
    type=click.IntRange(min=400),
    help="Called by the campaign of phone: 1,000 unless said; a county has 33,700 to 337,000.",
)
@click.option(
    "--part",
    "parts",
    multiple=True,
    type=click.Choice(("fanout", "nation", "clicks", "blackout", "recovery", "recorder")),
    help="Of live measure this part alone; may be given again.",
)
@click.option("--json", "json_file", type=click.Path(path_type=Path), help="Write the figures.")
def main(
    names: tuple[str, ...],
    repeat: int,
    households: int | None,
    parts: tuple[str, ...],
    json_file: Path | None,
) -> None:
    """Measure the named benches (all without a name), each beside its peers, medians in turn.

    Exit code 1 when a promised figure was missed.
    """
    if households:
        os.environ["EVALSYS_BENCH_HOUSEHOLDS"] = str(households)
    if parts:
        names, os.environ["EVALSYS_BENCH_PARTS"] = ("live",), " ".join(parts)
    figures: list[Figure] = []
    for name in names or BENCHES:
        click.echo(f"{name} ...", err=True)
        run: Callable[[int], list[Figure]] = importlib.import_module(BENCHES[name]).run
        figures += run(repeat)
    click.echo(table(figures))
    if json_file:
        json_file.write_text(
            json.dumps([figure.as_json() for figure in figures], ensure_ascii=False, indent=1)
            + "\n",
            encoding="utf-8",
        )
    raise SystemExit(0 if all(figure.ok for figure in figures) else 1)


def table(figures: Iterable[Figure]) -> str:
    """Lay the figures out in columns: words to the left, numbers to the right."""
    rows = [HEADINGS, *(_row(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    numbers = {2, 5, 6, 7}
    return "\n".join(
        "  ".join(
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _row(figure: Figure) -> tuple[str, ...]:
    def number(value: float | None) -> str:
        return "-" if value is None else f"{value:,.4g}" if value < 1000 else f"{value:,.0f}"

    return (
        figure.bench,
        figure.figure,
        number(figure.value),
        figure.unit,
        figure.peer or "-",
        number(figure.peer_value),
        "-" if figure.ratio is None else f"{figure.ratio:.2f}x",
        number(figure.target),
        "ok" if figure.ok else "MISSED",
    )


if __name__ == "__main__":
    main()
