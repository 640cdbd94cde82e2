"""The draw: tickets beside PyPI's consistent_sampler, streams, freezing."""

import tempfile
import tracemalloc
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count, cycle
from pathlib import Path
from typing import cast

from consistent_sampler import sampler

from evalsys.clock import utc_now
from evalsys.domain.draw import Lowest, digest, lowest_tickets
from evalsys.ids import CadreNumber, LiveId
from evalsys.services.draw import Draws
from evalsys.store import migrate
from evalsys.store.database import Database
from evalsys.store.phone_box import PhoneBox
from scripts.benches.draw_verify import verify_figures
from scripts.benches.figure import Figure, in_turn, once
from scripts.benches.freeze_floor import bare_freeze
from tests.roster_rows import fill_roster

COUNTY, MILLION = 10_180, 1_000_000
SHARES = {COUNTY: 0.25, MILLION: 0.2, 10 * MILLION: 0.15}
"""The share of the peer's time that a draw may take."""
DRAWN = 50
SEED = digest("bench")
MEMORY_OVER = 200_000
MIB = 1024 * 1024
PEER = "consistent_sampler"


def run(repeat: int) -> list[Figure]:
    """Measure drawing, its memory, freezing a county, and verifying a session of ten slots."""
    return [
        *_tickets(repeat),
        *_memory(),
        *_freeze(repeat),
        *verify_figures(repeat),
    ]


def _pot(n: int) -> Iterator[tuple[CadreNumber, int]]:
    # Made without Python code of its own, so that the draw is measured and not its input.
    numbers = cast("Iterator[CadreNumber]", map("{:08d}".format, range(n)))
    return zip(numbers, cycle((1,)), strict=False)


def _ours(n: int) -> Lowest:
    return lowest_tickets(SEED, _pot(n), DRAWN)


def _theirs(n: int) -> list[str]:
    return list(sampler([number for number, _ in _pot(n)], SEED, take=DRAWN, output="id"))


def _tickets(repeat: int) -> list[Figure]:
    """Draw 50; the target is the promised share of what the peer takes in the same run."""
    figures = []
    for n, share in SHARES.items():
        # Of ten million the peer takes a minute and 3 GB: once is enough, and nothing is warmed.
        measure = once if n > MILLION else partial(in_turn, repeat)
        ours, theirs = measure(partial(_ours, n), partial(_theirs, n))
        name = f"draw {DRAWN} of {n:,}"
        figures.append(Figure("draw", name, ours, "s", PEER, theirs, target=share * theirs))
    return figures


def _memory() -> list[Figure]:
    ours, theirs = (_peak_mib(partial(run, MEMORY_OVER)) for run in (_ours, _theirs))
    name = f"memory above the pot, {MEMORY_OVER:,} streamed"
    return [Figure("draw", name, ours, "MiB", PEER, theirs, target=1.0)]


def _peak_mib(run: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        run()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def _freeze(repeat: int) -> list[Figure]:
    """Freeze a county of 337,000 households: read, open, salt, commit, seal and store."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate.upgrade(database)
        box = PhoneBox(bytes(range(64)), bytes(range(32)))
        sizes = [33 + (i % 10 == 0) for i in range(COUNTY)]
        with database.write() as db:
            fill_roster(db, box, sizes)
        draws, sessions, floors = Draws(database, box, utc_now), count(), count()

        def freeze() -> None:
            with database.write() as db:
                draws.freeze_in(db, LiveId(f"{next(sessions):032x}"), "township")

        def floor() -> None:
            source, target = Path(folder) / "bench.db", Path(folder) / f"floor-{next(floors)}.db"
            bare_freeze(source, target, bytes(range(64)))

        taken, least = in_turn(repeat, freeze, floor)
        database.close()
    name = f"freeze {COUNTY:,} cadres, {sum(sizes):,} households"
    return [Figure("draw", name, taken, "s", "bare loop", least, target=3.0)]
