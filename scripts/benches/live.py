"""The hall and the nation: pictures to all screens, the public file, clicks, kills, a recorder."""

import os
from collections.abc import Callable, Mapping

from scripts.benches import live_fanout, live_kills, live_nation, live_recorder, live_show
from scripts.benches.figure import Figure

PARTS: Mapping[str, Callable[[int], list[Figure]]] = {
    "fanout": live_fanout.run,
    "nation": live_nation.run,
    "clicks": live_show.run_clicks,
    "blackout": live_show.run_blackouts,
    "recovery": live_kills.run,
    "recorder": live_recorder.run,
}
CHOSEN = "EVALSYS_BENCH_PARTS"
"""Names of the parts that are wanted, with spaces between; nothing for all."""


def run(repeat: int) -> list[Figure]:
    """Measure each part in turn; every one starts and ends its own programs."""
    chosen = os.environ.get(CHOSEN, "").split() or PARTS
    return [figure for part in chosen for figure in PARTS[part](repeat)]
