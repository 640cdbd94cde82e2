"""The hall and the nation: pictures to all screens, the public file, clicks, kills, a recorder."""

from scripts.benches import live_fanout, live_nation, live_recorder, live_show
from scripts.benches.figure import Figure


def run(repeat: int) -> list[Figure]:
    """Measure each in turn; every part starts and ends its own programs."""
    parts = (live_fanout, live_nation, live_show, live_recorder)
    return [figure for part in parts for figure in part.run(repeat)]
